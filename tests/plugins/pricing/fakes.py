"""A source of rates that says what a test tells it to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from kernel.metal import Fineness, Metal, WeightUnit
from plugins.pricing.public import MarketProfile, Rate, RateSource, RateUnavailable


@dataclass(slots=True)
class FakeRates:
    """Answers from `known`; `asked` is what it was asked."""

    known: dict[tuple[str, Metal], Rate] = field(default_factory=dict)
    asked: list[tuple[str, Metal]] = field(default_factory=list)

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        self.asked.append((market.code, metal))
        found = self.known.get((market.code, metal))
        if found is None:
            raise RateUnavailable("fake", "nothing known")
        return replace(found, currency=market.currency)

    def knows(self, market: MarketProfile, metal: Metal, value: str, at: datetime) -> Rate:
        rate = Rate(
            metal, Decimal(value), market.currency, WeightUnit.GRAM, Fineness(10_000), market.code,
            at.astimezone(UTC), "fake",
        )  # fmt: skip
        self.known[market.code, metal] = rate
        return rate


def adapters() -> dict[type[Any], Any]:
    return {RateSource: FakeRates()}
