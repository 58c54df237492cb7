"""What the till needs from the outside."""

from __future__ import annotations

from typing import Protocol

from plugins.pos.domain.receipt import Paper, Receipt


class Seal(Protocol):
    """Marks what we hand out, so that we know it again when it comes back."""

    def sign(self, text: str) -> str:
        """A mark for this text that only this installation can make; the same for the same text."""


class Printer(Protocol):
    """Sets receipts for the printer of a till and for the office's."""

    def receipt(self, receipt: Receipt, paper: Paper) -> bytes:
        """The receipt as a PDF; the same receipt is the same file. What stands on it is content, never instructions."""

    def receipt_pictures(self, receipt: Receipt, paper: Paper) -> list[bytes]:
        """The same as pictures for the screen, one for each page: PNG."""
