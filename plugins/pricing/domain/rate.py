"""A rate: what one unit of metal at a named fineness costs, in one market at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from kernel.metal import GRAMS, Fineness, Metal, WeightUnit
from kernel.money import DECIMALS
from plugins.pricing.domain.amounts import minor_units
from plugins.pricing.domain.errors import RateInOtherCurrency, RateMissing
from plugins.pricing.domain.terms import Side, Terms

HIGHEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` in major units of `currency` for one `unit` at `fineness`. `id` names the stored row, if there is one."""

    metal: Metal
    value: Decimal
    currency: str
    unit: WeightUnit
    fineness: Fineness
    market: str
    at: datetime
    source: str
    id: str = ""
    side: Side = Side.SALE

    def __post_init__(self) -> None:
        if not (self.value.is_finite() and 0 < self.value <= HIGHEST):
            raise ValueError("a rate is a number above zero")
        if self.currency not in DECIMALS:
            raise ValueError(f"unknown currency {self.currency!r}")
        if self.at.utcoffset() != timedelta(0):
            raise ValueError("the time of a rate is in UTC")

    @classmethod
    def mazaneh(cls, value: Decimal, currency: str, *, at: datetime, source: str = "manual") -> Rate:
        """The Tehran bazaar's quotation: the price of one mesghal at 705."""
        return cls(Metal.GOLD, value, currency, WeightUnit.MESGHAL, Fineness(7050), "IR", at, source)

    @property
    def per_gram(self) -> Fraction:
        """Minor units for one gram at the rate's own fineness, exactly."""
        return minor_units(self.value, self.currency) / GRAMS[self.unit]

    def per_gram_at(self, fineness: Fineness, terms: Terms | None = None) -> Fraction:
        """Minor units for one gram at another fineness: weight × f1 / f2, or by karat where the terms count so."""
        if fineness == self.fineness:
            return self.per_gram
        if terms is None:
            return self.per_gram * Fraction(fineness.tenths, self.fineness.tenths)
        return self.per_gram * terms.pure_share(fineness) / terms.pure_share(self.fineness)

    def in_currency(self, currency: str) -> Rate:
        """The same rate in rial or toman, exactly. Any other pair needs an exchange rate: RateInOtherCurrency."""
        if currency == self.currency:
            return self
        shift = {("IRR", "IRT"): -1, ("IRT", "IRR"): 1}.get((self.currency, currency))
        if shift is None:
            raise RateInOtherCurrency(self.currency, currency)
        return replace(self, value=self.value.scaleb(shift), currency=currency)

    def age(self, now: datetime) -> timedelta:
        return now.astimezone(UTC) - self.at


def choose_rate(rates: Sequence[Rate], metal: Metal, fineness: Fineness, side: Side = Side.SALE) -> Rate:
    """The newest rate quoted for this very fineness, else the newest of the metal. Raises RateMissing.

    The choice does not depend on the order or on rates it passes over, so that a replay chooses the same.
    """
    candidates = [rate for rate in rates if rate.metal is metal and rate.side is side]
    if not candidates:
        raise RateMissing(metal)
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda rate: (rate.fineness == fineness, rate.at, rate.fineness, rate.id, rate.value))
