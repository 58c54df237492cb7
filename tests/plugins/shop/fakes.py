"""The shop's ports in tests are the real ones: they need nothing from the outside."""

from __future__ import annotations

from typing import Any

from adapters.pdf.typst_printer import TypstPrinter
from adapters.pictures.pillow import PillowPictures
from plugins.shop.ports import Pictures, SheetPrinter


def adapters() -> dict[type[Any], Any]:
    return {SheetPrinter: TypstPrinter(), Pictures: PillowPictures()}
