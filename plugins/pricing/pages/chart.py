"""A line of rates over time, small enough to be drawn in the page itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from plugins.pricing.domain.rate import Rate

WIDTH, HEIGHT, MARGIN = 640, 160, 8


@dataclass(frozen=True, slots=True)
class Chart:
    """`points` for an SVG polyline; the first and last rate, and the change between them in per cent."""

    points: str
    first: Rate
    last: Rate
    lowest: Rate
    highest: Rate
    width: int = WIDTH
    height: int = HEIGHT

    @classmethod
    def of(cls, newest_first: Sequence[Rate]) -> Chart | None:
        """None where two rates at least are needed and there are fewer."""
        rates = newest_first[::-1]
        if len(rates) < 2:
            return None
        lowest, highest = min(rates, key=lambda rate: rate.value), max(rates, key=lambda rate: rate.value)
        began, span = rates[0].at, (rates[-1].at - rates[0].at).total_seconds() or 1
        height = (highest.value - lowest.value) or Decimal(1)
        places = (
            (
                MARGIN + (WIDTH - 2 * MARGIN) * (rate.at - began).total_seconds() / span,
                MARGIN + (HEIGHT - 2 * MARGIN) * (1 - float((rate.value - lowest.value) / height)),
            )
            for rate in rates
        )
        return cls(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), rates[0], rates[-1], lowest, highest)

    @property
    def change(self) -> Decimal:
        return ((self.last.value - self.first.value) * 100 / self.first.value).quantize(Decimal("0.1"))
