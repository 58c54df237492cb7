"""A receipt: everything that stands on it as words and figures in the customer's language, ready to be set on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from plugins.shop.public import Figure, Letterhead

__all__ = ["Figure", "Letterhead", "Paper", "Receipt", "ReceiptLine"]


class Paper(StrEnum):
    ROLL = "80mm"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A piece or a lot of old gold: `details` say what it is, `parts` what its price is made of."""

    name: str
    code: str
    details: str
    parts: tuple[Figure, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`sums` lead to the `total`, `settled` says how it was paid. `stamp` stands across it.

    `code` is for its QR, `barcode` for its bars; each of `copies` says for whom it is, where that is said.
    """

    language: str
    direction: str
    title: str
    number: str
    at: datetime
    letterhead: Letterhead
    facts: tuple[Figure, ...]
    lines: tuple[ReceiptLine, ...]
    taken_title: str
    taken: tuple[ReceiptLine, ...]
    sums: tuple[Figure, ...]
    total: Figure
    settled: tuple[Figure, ...]
    footing: tuple[str, ...]
    columns: tuple[str, str]
    code: str
    barcode: str = ""
    stamp: str = ""
    copies: tuple[str, ...] = ("",)
