"""What other plugins may use of pricing: prices that can be replayed, and the values they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plugins.pricing.domain.buyback import OldMetal, PricedOldMetal
from plugins.pricing.domain.discount import Discount
from plugins.pricing.domain.errors import (
    CostNeeded,
    DiscountAboveTotal,
    FinenessOutOfRange,
    FormulaUnknown,
    PieceIncomplete,
    PriceTooLarge,
    RateInOtherCurrency,
    RateMissing,
    ReplayDiffers,
    TaxRateNotSet,
    TaxUnknownOn,
)
from plugins.pricing.domain.explain import Explained, explain, explain_rate, explain_rules
from plugins.pricing.domain.making import NO_MAKING, Making, MakingKind, read_making
from plugins.pricing.domain.market import CashAnswer, CashRule, MarketProfile, ShopChoices
from plugins.pricing.domain.part import LinePart, part_of
from plugins.pricing.domain.piece import Extra, Piece, Stone
from plugins.pricing.domain.quote import FORMULA, CartLine, PricedCart, PricedLine, Tax
from plugins.pricing.domain.quote import price_cart as _price_cart
from plugins.pricing.domain.rate import Rate, Side
from plugins.pricing.domain.replay import freeze, replay
from plugins.pricing.domain.rules import PricingRule, RuleOutcome, Situation, decide
from plugins.pricing.domain.terms import Component, Rounding, Supply, Terms
from plugins.pricing.domain.titles import ROUNDING_MODES
from plugins.pricing.queries.markets import codes as market_codes
from plugins.pricing.queries.markets import market

__all__ = [
    "FORMULA",
    "NO_MAKING",
    "ROUNDING_MODES",
    "CartLine",
    "CashAnswer",
    "CashRule",
    "Component",
    "CostNeeded",
    "Discount",
    "DiscountAboveTotal",
    "Explained",
    "Extra",
    "FinenessOutOfRange",
    "FormulaUnknown",
    "LinePart",
    "Making",
    "MakingKind",
    "MarketProfile",
    "OldMetal",
    "Piece",
    "PieceIncomplete",
    "PriceTooLarge",
    "PricedCart",
    "PricedLine",
    "PricedOldMetal",
    "PricingRule",
    "Rate",
    "RateInOtherCurrency",
    "RateMissing",
    "ReplayDiffers",
    "Rounding",
    "RuleOutcome",
    "ShopChoices",
    "Side",
    "Situation",
    "Stone",
    "Supply",
    "Tax",
    "TaxRateNotSet",
    "TaxUnknownOn",
    "Terms",
    "decide",
    "explain",
    "explain_rate",
    "explain_rules",
    "freeze",
    "market",
    "market_codes",
    "part_of",
    "price_cart",
    "read_making",
    "replay",
]  # fmt: skip


def price_cart(
    profile: MarketProfile,
    rates: Sequence[Rate],
    lines: Sequence[CartLine],
    discount: Discount | None = None,
    exchange: Sequence[OldMetal] = (),
    *,
    on: date,
) -> PricedCart:
    """Price lines and old metal together, on a day of the shop. `freeze` any part of the answer to keep it."""
    return _price_cart(profile.terms(on), rates, lines, discount, exchange)
