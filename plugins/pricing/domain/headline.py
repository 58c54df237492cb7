"""The rate that everybody in the shop has in mind: gold as its market quotes it, and how it moved since yesterday."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Self

from kernel.metal import GRAMS, Metal
from kernel.money import Money
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.market import Quotation
from plugins.pricing.domain.rate import Rate, choose_rate
from plugins.pricing.domain.terms import Side

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Headline:
    """One unit of gold, as the shop sells at it now. `change` in per cent; None where there was no rate before."""

    quotation: Quotation
    price: Money
    rate: Rate
    is_stale: bool
    change: Decimal | None

    @classmethod
    def of(cls, board: Board, before: Fraction | None) -> Self | None:
        """None where gold has no rate. `before` is what one unit was sold at when the day began."""
        quotation, exact = board.profile.quotation(Metal.GOLD), price_of_gold(board)
        if quotation is None or exact is None:
            return None
        rate = choose_rate(board.rates, Metal.GOLD, quotation.fineness)
        change = None if before is None else _tenths((exact - before) / before * 100)
        return cls(quotation, Money(round(exact), board.profile.currency), rate, board.is_stale(rate), change)


def price_of_gold(board: Board) -> Fraction | None:
    """Minor units for one unit at the fineness that the market quotes first, exactly."""
    quotation, rates = board.profile.quotation(Metal.GOLD), gold_only(board).rates
    if quotation is None or not rates:
        return None
    rate = choose_rate(rates, Metal.GOLD, quotation.fineness)
    per_gram = rate.per_gram_at(quotation.fineness, board.profile.terms(board.day))
    return per_gram * GRAMS[quotation.unit]


def gold_only(board: Board) -> Board:
    """Of the board what a headline is made of: little enough to be kept for every shop."""
    own, market = (
        tuple(rate for rate in rates if rate.metal is Metal.GOLD and rate.side is Side.SALE)
        for rates in (board.own, board.market)
    )
    return replace(board, own=own, market=market, rules=())


def _tenths(percent: Fraction) -> Decimal:
    return (Decimal(percent.numerator) / Decimal(percent.denominator)).quantize(TENTH)
