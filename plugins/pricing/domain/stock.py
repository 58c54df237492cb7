"""What metal in stock is worth at the rates of a board."""

from __future__ import annotations

from fractions import Fraction

from kernel.metal import Fineness, FineWeight, Metal
from kernel.money import Money
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.rate import choose_rate

PURE = Fineness(10_000)


def worth_of(board: Board, metal: Metal, fine: FineWeight) -> Money | None:
    """The pure metal alone, without work, stones and tax. None where the metal has no rate."""
    rates = [rate for rate in board.rates if rate.metal is metal]
    if not rates:
        return None
    per_gram = choose_rate(rates, metal, PURE).per_gram_at(PURE, board.profile.terms(board.day))
    return Money(round(per_gram * Fraction(fine.g)), board.profile.currency)
