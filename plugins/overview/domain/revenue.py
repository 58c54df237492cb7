"""What shops pay: monthly and yearly recurring revenue, and churn, reckoned for any moment from the subscriptions.

Definitions, with their formulas, are in docs/how-to/watch-the-installation.md. Currencies are never added.
Sums are exact until the very end, where they are rounded to the currency's own unit. Months begin and end in UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID

from kernel.money import Money, round_to
from kernel.plans import Cycle

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one shop paid from `since` to `until`, which no longer belongs to it. A trial has none."""

    shop: UUID
    plan: str
    price: Money
    cycle: Cycle
    since: datetime
    until: datetime | None = None

    @property
    def monthly(self) -> Fraction:
        """In minor units. A year's price is a twelfth of it each month, whenever it is paid."""
        return Fraction(self.price.amount, MONTHS_A_YEAR if self.cycle is Cycle.YEAR else 1)

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Churn:
    """What was lost from one moment to another: of the shops that paid at the first, and of what those paid."""

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


def monthly_revenue(subscriptions: Iterable[Subscription], at: datetime) -> dict[str, Money]:
    """MRR: the monthly part of every subscription that holds at this moment, by currency."""
    exact: dict[str, Fraction] = defaultdict(Fraction)
    for each in subscriptions:
        if each.holds_at(at):
            exact[each.price.currency] += each.monthly
    return _rounded(exact)


def yearly_revenue(subscriptions: Iterable[Subscription], at: datetime) -> dict[str, Money]:
    """ARR: twelve times the exact MRR, so that a price by the year comes out as it is."""
    exact: dict[str, Fraction] = defaultdict(Fraction)
    for each in subscriptions:
        if each.holds_at(at):
            exact[each.price.currency] += each.monthly * MONTHS_A_YEAR
    return _rounded(exact)


def churn(subscriptions: Iterable[Subscription], first: datetime, last: datetime) -> Churn:
    """Who paid at `first` and pays nothing at `last` is lost; who left and came back between them is not.

    Revenue is lost where one of them pays less than before, too. What grew does not make up for it.
    """
    known = list(subscriptions)
    before, after = _paid(known, first), _paid(known, last)
    revenue: dict[str, Fraction] = defaultdict(Fraction)
    lost: dict[str, Fraction] = defaultdict(Fraction)
    for (shop, currency), paid in before.items():
        revenue[currency] += paid
        lost[currency] += max(paid - after.get((shop, currency), Fraction(0)), Fraction(0))
    shops = {shop for shop, _currency in before}
    still = {shop for shop, _currency in after}
    return Churn(len(shops), len(shops - still), _rounded(revenue), _rounded(lost))


def month_begins(at: datetime, before: int = 0) -> datetime:
    """The first moment of this month, or of one so many months before it, in UTC."""
    month = at.astimezone(UTC).year * MONTHS_A_YEAR + at.astimezone(UTC).month - 1 - before
    return datetime(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1, tzinfo=UTC)


def _paid(subscriptions: Iterable[Subscription], at: datetime) -> dict[tuple[UUID, str], Fraction]:
    """What each shop pays a month; whoever pays nothing is not among them."""
    paid: dict[tuple[UUID, str], Fraction] = defaultdict(Fraction)
    for each in subscriptions:
        if each.holds_at(at) and each.monthly > 0:
            paid[each.shop, each.price.currency] += each.monthly
    return paid


def _rounded(exact: Mapping[str, Fraction]) -> dict[str, Money]:
    return {currency: Money(round_to(exact[currency]), currency) for currency in sorted(exact)}
