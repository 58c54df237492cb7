"""What pricing needs from the outside."""

from __future__ import annotations

from typing import Protocol

from kernel.metal import Metal
from plugins.pricing.domain.market import MarketProfile
from plugins.pricing.domain.rate import Rate


class RateSource(Protocol):
    """Where a market's rates come from, beside what shops set themselves."""

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        """The newest rate, in the market's currency, with the moment it was made. Raises RateUnavailable."""
