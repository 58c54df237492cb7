"""Access tokens of tests are written as real ones are, with a key of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from adapters.passes.jwt import JwtPasses
from plugins.programs.ports import Passes

PASSES = JwtPasses(SecretStr("a key for tests, of forty-one characters."), "localhost")


def adapters() -> Mapping[type[Any], Any]:
    return {Passes: PASSES}
