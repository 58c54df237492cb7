"""Discounts, and how an amount is shared out so that its parts are exactly the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.i18n import _
from kernel.money import Money
from plugins.pricing.domain.amounts import percent_of
from plugins.pricing.domain.errors import DiscountAboveTotal, DiscountUnclear
from plugins.pricing.domain.terms import Component, Rounding


@dataclass(frozen=True, slots=True)
class Discount:
    """Per cent or an amount, before a tax that is added on top. `on`: the components it is of; empty for all."""

    percent: Decimal | None = None
    amount: Money | None = None
    on: frozenset[Component] = frozenset()

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise DiscountUnclear(_("A discount is either a percentage or an amount."))
        if self.percent is not None and not (self.percent.is_finite() and 0 <= self.percent <= 100):
            raise DiscountUnclear(_("A discount is a percentage from 0 to 100."))
        if self.amount is not None and self.amount.amount < 0:
            raise DiscountUnclear(_("A discount is not negative."))

    def off(self, available: int, currency: str, rounding: Rounding) -> int:
        """What comes off `available` minor units. Raises DiscountAboveTotal."""
        if self.percent is not None:
            return min(rounding.line(percent_of(self.percent, available)), available)
        assert self.amount is not None
        wanted = (self.amount + Money.zero(currency)).amount
        if wanted > available:
            raise DiscountAboveTotal(self.amount, Money(available, currency))
        return wanted


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in proportion to `weights`, in whole units that sum to it; the largest remainders take the odd units.

    No part is above its weight while the amount is not above their sum.
    """
    whole = sum(weights)
    if whole == 0:
        if amount:
            raise ValueError("nothing to share out over")
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    odd = amount - sum(parts)
    if odd:
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
        for i in by_remainder[:odd]:
            parts[i] += 1
    return parts


def take_off(
    amount: int, price: Mapping[Component, int], off: dict[Component, int], first: frozenset[Component]
) -> None:
    """Spread a discount over components in proportion to what is left of them, those in `first` before the others."""
    for turn in (True, False):
        if amount == 0:
            return
        open_ = [c for c in price if (not first or c in first) is turn and price[c] > off[c]]
        left = [price[c] - off[c] for c in open_]
        now = min(amount, sum(left))
        for component, part in zip(open_, share_out(now, left), strict=True):
            off[component] += part
        amount -= now
