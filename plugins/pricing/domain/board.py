"""The board of rates as it stands at one moment, with the rules: everything a shop needs to say a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from kernel.metal import Fineness, Metal, WeightUnit
from plugins.pricing.domain.buyback import OldMetal
from plugins.pricing.domain.discount import Discount
from plugins.pricing.domain.errors import RateStale
from plugins.pricing.domain.making import MakingKind
from plugins.pricing.domain.market import MarketProfile
from plugins.pricing.domain.quote import CartLine, PricedCart, price_cart
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.rules import ANYTHING, PricingRule, Situation, decide
from plugins.pricing.domain.terms import Side

#: A market's rate with a premium on it keeps this many decimals.
RATE_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the board: what is quoted, and which way it goes."""

    metal: Metal
    side: Side
    unit: WeightUnit
    fineness: Fineness

    @classmethod
    def of(cls, rate: Rate) -> Place:
        return cls(rate.metal, rate.side, rate.unit, rate.fineness)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it is asked for, and what the shop's rules may look at."""

    line: CartLine
    situation: Situation = ANYTHING


@dataclass(frozen=True, slots=True)
class Board:
    """`own` are the newest rates the shop set, one for each place; `market` the newest of its market, one a metal.

    Sources are tried in order: the shop's own word, then the market's; an old one only where there is nothing else, so
    that it can be shown and refused by name.
    """

    profile: MarketProfile
    at: datetime
    day: date
    own: tuple[Rate, ...]
    market: tuple[Rate, ...]
    rules: tuple[PricingRule, ...]
    age_max: timedelta

    def is_stale(self, rate: Rate) -> bool:
        return rate.age(self.at) > self.age_max

    @property
    def rates(self) -> list[Rate]:
        """Those that prices are made with now."""
        return [rate for side in Side for metal in Metal for rate in self._of(metal, side)]

    def _of(self, metal: Metal, side: Side) -> list[Rate]:
        own = [rate for rate in self.own if rate.metal is metal and rate.side is side]
        market = [rate for rate in self.market if rate.metal is metal and rate.side is side]
        fresh = ([rate for rate in source if not self.is_stale(rate)] for source in (own, market))
        return next(filter(None, fresh), own or market)

    def price(
        self, asked: Sequence[Asked], discount: Discount | None = None, exchange: Sequence[OldMetal] = ()
    ) -> PricedCart:
        """Price lines together, by the shop's rules. Raises RateStale, RateMissing and what else a price refuses."""
        lines = [self._by_rules(each) if self.rules else each.line for each in asked]
        cart = price_cart(self.profile.terms(self.day), self.rates, lines, discount, exchange)
        for rate in (*(line.rate for line in cart.lines), *(bought.rate for bought in cart.exchange)):
            if rate is not None and self.is_stale(rate):
                raise RateStale(rate.metal, rate.age(self.at), self.age_max)
        return cart

    def _by_rules(self, asked: Asked) -> CartLine:
        has_making = asked.line.piece.making.kind is not MakingKind.NONE
        return replace(asked.line, rules=decide(self.rules, replace(asked.situation, has_making=has_making)))


def with_premium(rate: Rate, percent: Decimal) -> Rate:
    """A market's rate as this shop sells at it."""
    if not percent:
        return rate
    value = (rate.value * (100 + percent) / 100).quantize(RATE_DECIMALS)
    return replace(rate, value=value)
