"""A journal before it is posted: entries on a day, for a document, that balance in every unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.i18n import N_
from plugins.accounting.domain.errors import DoesNotBalance
from plugins.accounting.domain.units import is_metal

MANUAL = "manual"
REVERSAL = "reversal"

#: What a journal comes from, by the kind of its document; `reference` is the document's own number.
DOCUMENTS = {
    "sale": N_("Sale {reference}"),
    "refund": N_("Refund {reference}"),
    "void": N_("Void of sale {reference}"),
    "receipt": N_("Goods received: {reference}"),
    "adjustment": N_("Stock adjusted: {reference}"),
    MANUAL: N_("Journal by hand"),
    REVERSAL: N_("Reversal of journal {reference}"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """What a journal is posted for. The pair of kind and id is posted once."""

    kind: str
    id: UUID
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `place` is a part (`paid.cash`) or an account's id; debit above zero, credit below."""

    place: str
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Posting:
    """What is asked to be posted."""

    document: Document
    day: date
    entries: tuple[Entry, ...]
    memo: str = ""
    reverses: UUID | None = None

    def check_balanced(self) -> None:
        """Raises DoesNotBalance, with what is missing in which unit."""
        left = balance(self.entries)
        if left:
            raise DoesNotBalance(left)


@dataclass(frozen=True, slots=True)
class Posted:
    """The journal a document has. `is_new` is False where it had one before."""

    id: UUID
    number: int
    is_new: bool


def balance(entries: Iterable[Entry]) -> dict[str, int]:
    """Debit less credit by unit, where they differ."""
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.unit] += entry.amount
    return {unit: total for unit, total in sorted(sums.items()) if total}


class Sheet:
    """Entries as a document is worked out: amounts of one part and unit add up; what comes to nothing vanishes."""

    __slots__ = ("_amounts",)

    def __init__(self) -> None:
        self._amounts: dict[tuple[str, str], int] = defaultdict(int)

    def debit(self, place: str, amount: int, unit: str) -> None:
        self._amounts[place, unit] += amount

    def credit(self, place: str, amount: int, unit: str) -> None:
        self._amounts[place, unit] -= amount

    def entries(self) -> tuple[Entry, ...]:
        """Money before metal, debit before credit: the same document is always the same journal."""
        entries = [Entry(place, unit, amount) for (place, unit), amount in self._amounts.items() if amount]
        return tuple(sorted(entries, key=lambda one: (is_metal(one.unit), one.unit, one.amount < 0, one.place)))
