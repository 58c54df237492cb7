"""Rates for the demo: they look like a market, move with the clock, and cost nothing."""

from __future__ import annotations

import math
from decimal import Decimal

from kernel.clock import Clock
from kernel.metal import GRAMS, Metal
from plugins.pricing.public import MarketProfile, Rate, RateUnavailable

SOURCE = "simulated"

#: What a gram of pure gold cost, about, when this was written; other metals as parts of it.
GRAM_OF_PURE_GOLD = {
    "AED": 480, "GBP": 99, "INR": 12_000, "IRT": 14_500_000, "SAR": 490, "TRY": 5_500, "USD": 131,
}  # fmt: skip
PARTS_OF_GOLD = {
    Metal.GOLD: Decimal(1),
    Metal.SILVER: Decimal("0.0125"),
    Metal.PLATINUM: Decimal("0.38"),
    Metal.PALLADIUM: Decimal("0.35"),
}
#: How far from the middle it swings, and how long a swing takes.
SWING = 0.015
DAY_S = 86_400


class SimulatedRates:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        quotation = market.quotation(metal)
        if market.currency not in GRAM_OF_PURE_GOLD or quotation is None:
            raise RateUnavailable(SOURCE, market.code)
        now = self._clock.now()
        seconds = now.timestamp()
        swing = math.sin(seconds / DAY_S) + 0.4 * math.sin(seconds / 7_000) + 0.2 * math.sin(seconds / 500)
        gram = GRAM_OF_PURE_GOLD[market.currency] * PARTS_OF_GOLD[metal] * Decimal(1 + SWING * swing)
        unit = GRAMS[quotation.unit]
        value = gram * unit.numerator / unit.denominator * quotation.fineness.tenths / 10_000
        step = Decimal(1000) if market.currency == "IRT" and metal is Metal.GOLD else Decimal("0.01")
        return Rate(
            metal,
            (value / step).quantize(Decimal(1)) * step,
            market.currency,
            quotation.unit,
            quotation.fineness,
            market.code,
            now,
            SOURCE,
        )
