"""What labels need from the outside."""

from __future__ import annotations

from typing import Protocol

from plugins.labels.domain.label import LabelRun


class LabelPrinter(Protocol):
    """Sets labels for a printer of single ones, and for sheets of them."""

    def labels(self, run: LabelRun) -> bytes:
        """All of them as a PDF; the same run is the same file. What stands on them is content, never instructions."""

    def label_pictures(self, run: LabelRun) -> list[bytes]:
        """The same as pictures for the screen, one for each page: PNG."""
