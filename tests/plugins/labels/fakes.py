"""The printer of labels in tests is the real one: it needs nothing from the outside."""

from __future__ import annotations

from typing import Any

from adapters.pdf.typst_printer import TypstPrinter
from plugins.labels.ports import LabelPrinter


def adapters() -> dict[type[Any], Any]:
    return {LabelPrinter: TypstPrinter()}
