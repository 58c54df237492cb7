"""What the shop's own pages and papers need from the outside."""

from __future__ import annotations

from typing import Protocol

from plugins.shop.domain.logo import Picture
from plugins.shop.domain.paper import Sheet


class Pictures(Protocol):
    """Makes pictures of ours from those that people upload."""

    def logo(self, uploaded: bytes) -> Picture:
        """The picture drawn anew, small enough to stand on a receipt; what is transparent stays so.

        Raises NotAPicture, or PictureTooLarge before anything large is unpacked.
        """


class SheetPrinter(Protocol):
    """Sets documents that are made of tables."""

    def sheet(self, sheet: Sheet) -> bytes:
        """The document as a PDF; the same document is the same file. What stands on it is content, no instruction."""

    def sheet_pictures(self, sheet: Sheet) -> list[bytes]:
        """The same as pictures for the screen, one for each page: PNG."""
