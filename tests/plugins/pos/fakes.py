"""The till's ports in tests are the real ones: they need nothing from the outside."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from adapters.pdf.typst_printer import TypstPrinter
from adapters.seal import HmacSeal
from plugins.pos.ports import Printer, Seal


def adapters() -> dict[type[Any], Any]:
    return {Seal: HmacSeal(SecretStr("for tests and nothing else, " * 2)), Printer: TypstPrinter()}
