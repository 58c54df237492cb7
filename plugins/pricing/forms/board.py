"""What is typed about rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kernel.contributions import Setting
from kernel.errors import BadInput
from kernel.metal import Metal
from plugins.pricing.domain.board import Place
from plugins.pricing.domain.choices import FOLLOW_MARKET, MARKET_PREMIUM, QUOTE_MIN, RATE_AGE_H
from plugins.pricing.domain.terms import Side
from plugins.pricing.forms.fields import MetalField, ShortLine, SideField, UnitField
from web.cursors import PageQuery
from web.forms import FinenessField, Form, RateField


class PlaceForm(Form):
    """A place on the board."""

    metal: MetalField = Metal.GOLD
    side: SideField = Side.SALE
    unit: UnitField
    fineness: FinenessField

    @property
    def place(self) -> Place:
        return Place(self.metal, self.side, self.unit, self.fineness)


class HistoryQuery(PlaceForm, PageQuery):
    """A place on the board, and which page of its history."""


class RateForm(PlaceForm):
    """Today's rate, in the shop's currency."""

    value: RateField


class BoardChoicesForm(Form):
    """When a rate is old, whose rates hold, and how long a quote does."""

    rate_age_h: ShortLine
    follow_market: Literal["yes", "no"]
    market_premium_percent: ShortLine = "0"
    quote_min: ShortLine

    def values(self) -> Mapping[Setting, object]:
        """Each setting reads what was typed for it. Raises BadInput."""
        typed = {
            "rate_age_h": (RATE_AGE_H, self.rate_age_h),
            "follow_market": (FOLLOW_MARKET, self.follow_market),
            "market_premium_percent": (MARKET_PREMIUM, self.market_premium_percent),
            "quote_min": (QUOTE_MIN, self.quote_min),
        }
        read: dict[Setting, object] = {}
        wrong: dict[str, str] = {}
        for field, (setting, text) in typed.items():
            try:
                read[setting] = setting.read(text)
            except ValueError as refused:
                wrong[field] = str(refused)
        if wrong:
            raise BadInput(wrong)
        return read
