"""What is priced: a piece as it lies on the scale, with its work, its stones and what else belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.pricing.domain.amounts import minor_units
from plugins.pricing.domain.errors import PieceIncomplete
from plugins.pricing.domain.making import NO_MAKING, Making

NOTHING = Weight(0)


@dataclass(frozen=True, slots=True)
class Stone:
    """A stone or a lot of stones: carats × rate per carat (major units), or a value as it was set."""

    name: str
    carats: Decimal | None = None
    rate: Decimal | None = None
    value: Money | None = None

    def __post_init__(self) -> None:
        by_carat = self.carats is not None and self.rate is not None
        if by_carat == (self.value is not None):
            raise PieceIncomplete(_("A stone has either a value, or carats and a rate per carat."))
        for number in (self.carats, self.rate, None if self.value is None else self.value.decimal):
            if number is not None and not (number.is_finite() and number >= 0):
                raise PieceIncomplete(_("The carats, rate and value of a stone are not negative."))

    def worth(self, currency: str) -> Fraction | int:
        if self.value is not None:
            return (self.value + Money.zero(currency)).amount
        assert self.carats is not None
        assert self.rate is not None
        return Fraction(self.carats) * minor_units(self.rate, currency)


@dataclass(frozen=True, slots=True)
class Extra:
    """A fitting, a hallmark fee, a box: something with a price of its own that belongs to the piece."""

    name: str
    price: Money

    def __post_init__(self) -> None:
        if self.price.amount < 0:
            raise PieceIncomplete(_("The price of an extra is not negative."))


@dataclass(frozen=True, slots=True)
class Piece:
    """`stones_weight` is everything on the scale that is not metal: stones and fittings.

    With a `fixed_price` nothing is added up: it covers work, stones and extras.
    """

    metal: Metal | None = None
    fineness: Fineness | None = None
    gross: Weight = NOTHING
    stones_weight: Weight = NOTHING
    making: Making = NO_MAKING
    wastage_percent: Decimal = Decimal(0)
    stones: tuple[Stone, ...] = ()
    extras: tuple[Extra, ...] = ()
    fixed_price: Money | None = None

    def __post_init__(self) -> None:
        if (self.metal is None) != (self.fineness is None):
            raise PieceIncomplete(_("A piece of metal has a fineness, and only that."))
        if self.gross.mg < 0 or self.stones_weight.mg < 0:
            raise PieceIncomplete(_("A weight is not negative."))
        if self.stones_weight > self.gross:
            raise PieceIncomplete(_("The stones weigh more than the whole piece."))
        if self.metal is not None and not self.net:
            raise PieceIncomplete(_("A piece of metal weighs more than its stones."))
        if not (self.wastage_percent.is_finite() and 0 <= self.wastage_percent <= 100):
            raise PieceIncomplete(_("Wastage is a percentage from 0 to 100."))
        if self.fixed_price is not None and self.fixed_price.amount < 0:
            raise PieceIncomplete(_("A fixed price is not negative."))

    @property
    def net(self) -> Weight:
        """Without stones and fittings."""
        return self.gross - self.stones_weight

    @property
    def fine(self) -> FineWeight:
        """The pure metal in it."""
        return FineWeight(0) if self.fineness is None else self.net.at(self.fineness)
