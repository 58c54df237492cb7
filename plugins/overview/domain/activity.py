"""What shops do: counted by each shop for itself, without any amount of money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: How far back a shop counts that never has, or has not for long.
FAR = timedelta(days=30)
#: How long its days are kept.
KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class ShopDay:
    """One day of a shop, by its own clock."""

    day: date
    sales: int
    people: int
    items: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Activity:
    """How many shops there were on a day where somebody worked, and where something was sold."""

    day: date
    shops: int
    selling: int


def days_to_count(today: date, last: date | None) -> tuple[date, date]:
    """From the last day that was counted, which was not over then, to today."""
    first = today - FAR if last is None else max(last, today - FAR)
    return min(first, today), today
