"""What shops pay: monthly and yearly recurring revenue, and churn, for any moment.

Definitions, with their formulas, are in docs/how-to/watch-the-installation.md. Currencies are never added.
Sums are exact until the very end, where they are rounded to the currency's own unit. Months begin and end in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from kernel.money import Money, round_to

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Recurring:
    """What shops pay in one currency at one moment, and how many of them pay anything.

    `yearly` is the ARR and exact: twelve times each price by the month, and each price by the year as it is.
    """

    yearly: Money
    shops: int

    @property
    def monthly(self) -> Money:
        """The MRR."""
        return a_month(self.yearly)


@dataclass(frozen=True, slots=True)
class Churn:
    """What was lost from one moment to another: of the shops that paid at the first, and of what those paid a month.

    Who paid at the first and pays nothing at the last is lost; who left and came back between them is not. Revenue is
    lost where one of them pays less than before, too. What grew does not make up for it.
    """

    shops_before: int
    shops_lost: int
    revenue_before: Mapping[str, Money]
    revenue_lost: Mapping[str, Money]

    @property
    def of_shops(self) -> Fraction | None:
        """A share of 1; None where nobody paid."""
        return Fraction(self.shops_lost, self.shops_before) if self.shops_before else None

    def of_revenue(self, currency: str) -> Fraction | None:
        before = self.revenue_before.get(currency)
        return Fraction(self.revenue_lost[currency].amount, before.amount) if before else None


def a_month(yearly: Money) -> Money:
    """Rounded once, at the very end."""
    return Money(round_to(Fraction(yearly.amount, MONTHS_A_YEAR)), yearly.currency)


def month_begins(at: datetime, before: int = 0) -> datetime:
    """The first moment of this month, or of one so many months before it, in UTC."""
    month = at.astimezone(UTC).year * MONTHS_A_YEAR + at.astimezone(UTC).month - 1 - before
    return datetime(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1, tzinfo=UTC)
