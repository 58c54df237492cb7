"""Old metal: bought for money or taken in part exchange, by weight, tested fineness and a buy-back rate.

It is a purchase. It never reduces what a sale is taxed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.pricing.domain.amounts import percent_of, price_of
from plugins.pricing.domain.errors import FinenessOutOfRange, PieceIncomplete
from plugins.pricing.domain.piece import NOTHING
from plugins.pricing.domain.rate import Rate, choose_rate
from plugins.pricing.domain.steps import Sheet, Step, StepName, money
from plugins.pricing.domain.terms import BuyBack, Component, Side, Terms


@dataclass(frozen=True, slots=True)
class OldMetal:
    """What the customer brings. `fineness` as tested; `less_percent` overrides the deduction of the terms."""

    id: str
    metal: Metal
    gross: Weight
    fineness: Fineness
    stones_weight: Weight = NOTHING
    less_percent: Decimal | None = None

    def __post_init__(self) -> None:
        if self.stones_weight.mg < 0 or self.net.mg <= 0:
            raise PieceIncomplete(_("A piece of metal weighs more than its stones."))
        if self.less_percent is not None and not (self.less_percent.is_finite() and 0 <= self.less_percent <= 100):
            raise PieceIncomplete(_("The deduction from old metal is a percentage from 0 to 100."))

    @property
    def net(self) -> Weight:
        return self.gross - self.stones_weight


@dataclass(frozen=True, slots=True)
class PricedOldMetal:
    """`fine` is the pure metal that was paid for; an assay may find more or less."""

    old: OldMetal
    terms: Terms
    rate: Rate
    paid_as: Fineness
    paid: Money
    fine: FineWeight
    steps: tuple[Step, ...]


def price_old_metal(terms: Terms, rates: Sequence[Rate], old: OldMetal) -> PricedOldMetal:
    """What is paid: the shop's own buy-back rate as it stands, else the sale's rate less the terms' deduction."""
    quoted = any(rate.side is Side.BUY_BACK and rate.metal is old.metal for rate in rates)
    side = Side.BUY_BACK if quoted else Side.SALE
    rate = choose_rate(rates, old.metal, old.fineness, side).in_currency(terms.currency)
    paid_as = old.fineness if quoted else pay_as(terms.buyback, old.fineness)
    less = old.less_percent
    if less is None:
        less = Decimal(0) if quoted else terms.buyback.less_percent
    sheet = Sheet(terms.rounding)
    # At the tested fineness first, so that a market's karat convention (916 is 22/24) holds; then less in proportion.
    per_gram = rate.per_gram_at(old.fineness, terms)
    exact = price_of(old.net, per_gram) * paid_as.tenths / old.fineness.tenths
    sheet.write(
        StepName.OLD_METAL,
        exact - percent_of(less, exact),
        Component.METAL,
        weight=old.net,
        fineness=old.fineness,
        paid_as=paid_as,
        per_gram=per_gram,
        less_percent=less,
    )
    paid = money(sheet.rounded[Component.METAL], terms.currency)
    return PricedOldMetal(old, terms, rate, paid_as, paid, old.net.at(paid_as), tuple(sheet.steps))


def pay_as(buyback: BuyBack, tested: Fineness) -> Fineness:
    """The fineness that old metal of a tested fineness is paid as."""
    for fineness, lower in buyback.paid_as:
        if fineness == tested:
            return lower
    if tested.tenths <= buyback.less_tenths:
        raise FinenessOutOfRange(tested)
    return Fineness(tested.tenths - buyback.less_tenths)
