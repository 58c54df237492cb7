"""What other plugins may use of pricing: prices that can be replayed, and the values they are made of.

A till asks the shop's board once and prices everything with it:

    board = pricing.board(uow)
    cart = board.price([Asked(CartLine(…), Situation(…)), …], discount, exchange)
    record = pricing.freeze(cart.lines[0])
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.domain.board import Asked, Board
from plugins.pricing.domain.buyback import OldMetal, PricedOldMetal
from plugins.pricing.domain.choices import QUOTE_MIN
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
    RateStale,
    RateUnavailable,
    ReplayDiffers,
    TaxRateNotSet,
    TaxUnknownOn,
)
from plugins.pricing.domain.explain import Explained, explain, explain_rate, explain_rules, making_in_words
from plugins.pricing.domain.making import NO_MAKING, Making, MakingKind, read_making
from plugins.pricing.domain.market import CashAnswer, CashRule, MarketProfile, ShopChoices
from plugins.pricing.domain.part import LinePart, part_of
from plugins.pricing.domain.piece import Extra, Piece, Stone
from plugins.pricing.domain.quote import FORMULA, CartLine, PricedCart, PricedLine, Tax
from plugins.pricing.domain.quote import price_cart as _price_cart
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.replay import freeze, replay
from plugins.pricing.domain.rules import PricingRule, RuleOutcome, Situation, decide
from plugins.pricing.domain.terms import Component, Rounding, Side, Supply, Terms
from plugins.pricing.domain.titles import COMPONENTS, METALS, ROUNDING_MODES
from plugins.pricing.events import RateSet
from plugins.pricing.forms.board import RateForm
from plugins.pricing.permissions import SET_RATES
from plugins.pricing.ports import RateSource
from plugins.pricing.queries.board import board, day_of, market_of
from plugins.pricing.queries.markets import codes as market_codes
from plugins.pricing.queries.markets import market

__all__ = [
    "COMPONENTS", "FORMULA", "METALS", "NO_MAKING", "QUOTE_MIN", "ROUNDING_MODES", "SET_RATES", "Asked", "Board",
    "CartLine", "CashAnswer", "CashRule", "Component", "CostNeeded", "Discount", "DiscountAboveTotal", "Explained",
    "Extra", "FinenessOutOfRange", "FormulaUnknown", "LinePart", "Making", "MakingKind", "MarketProfile", "OldMetal",
    "Piece", "PieceIncomplete", "PriceTooLarge", "PricedCart", "PricedLine", "PricedOldMetal", "PricingRule",
    "Rate", "RateForm", "RateInOtherCurrency", "RateMissing", "RateSet", "RateSource", "RateStale",
    "RateUnavailable", "ReplayDiffers", "Rounding", "RuleOutcome", "ShopChoices", "Side", "Situation", "Stone",
    "Supply", "Tax", "TaxRateNotSet", "TaxUnknownOn", "Terms", "board", "day_of", "decide", "explain",
    "explain_rate", "explain_rules", "freeze", "making_in_words", "market", "market_codes", "market_of", "part_of",
    "price_cart", "read_making", "replay", "set_rate",
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
    """Price lines and old metal under a market's own terms, on a day. Needs no shop; a shop asks its `board`."""
    return _price_cart(profile.terms(on), rates, lines, discount, exchange)
