"""A quote: the price of a cart as it was said, and until when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from plugins.pricing.domain.quote import PricedCart
from plugins.pricing.domain.replay import replay


@dataclass(frozen=True, slots=True)
class KeptQuote:
    id: UUID
    made_at: datetime
    made_by: str
    valid_until: datetime
    record: Mapping[str, Any]

    def holds(self, now: datetime) -> bool:
        return now <= self.valid_until

    @property
    def cart(self) -> PricedCart:
        """What was quoted, made again from its record. Raises ReplayDiffers."""
        priced = replay(self.record)
        assert isinstance(priced, PricedCart)
        return priced
