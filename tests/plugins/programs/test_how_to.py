"""docs/how-to/use-the-api.md: its commands do what it says, on a real port, by a real curl."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from kernel.tenancy import Shop
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.programs.test_keys import make
from tests.serving import serving

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


def commands() -> list[str]:
    """Each command of the page; a line that ends with a backslash goes on."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [one for block in blocks for one in re.split(r"(?<!\\)\n", block) if one]


def test_its_commands_do_what_it_says(
    app: Starlette, employ: Callable[[str], str], signed_in: Callable[..., Browser], shop: Shop
):
    known = {"EMAIL": employ("owner"), "PASSWORD": PASSWORD, "KEY": make(signed_in(shop), "inventory.edit")}
    me, sign_in, items, refresh, sign_out, change = commands()
    with serving(app) as known["SITE"]:
        assert run(me, known)["permissions"] == ["inventory.edit"]
        tokens = run(sign_in, known)
        known |= {"ACCESS_TOKEN": tokens["access_token"], "REFRESH_TOKEN": tokens["refresh_token"]}
        assert run(items, known) == {"items": [], "next": None}
        known["ACCESS_TOKEN"] = run(refresh, known)["access_token"]
        assert run(sign_out, known) == {}
        assert run(items, known)["status"] == 401
        assert run(change, known)["name"] == "Autumn rings"
        assert run(change, known) == run(change, known)


def run(command: str, known: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        ["/bin/sh", "-c", command], env={**os.environ, **known}, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    return found
