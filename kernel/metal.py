"""Metal by weight and purity, in integers: milligrams, tenths of a thousandth, and their exact product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from enum import StrEnum
from fractions import Fraction

from kernel.money import EXACTLY


class Metal(StrEnum):
    GOLD = "gold"
    SILVER = "silver"
    PLATINUM = "platinum"
    PALLADIUM = "palladium"


class WeightUnit(StrEnum):
    """Units in which the trade quotes weights and rates."""

    GRAM = "gram"
    TOLA = "tola"
    TROY_OUNCE = "troy_ounce"
    MESGHAL = "mesghal"
    PENNYWEIGHT = "pennyweight"
    CARAT = "carat"
    BAHT = "baht"
    TAEL = "tael"
    KILOGRAM = "kilogram"


#: Grams per unit, exactly as defined (troy ounce: 1959 yard and pound agreement; tola: 180 grains;
#: mesghal: the Tehran bazaar's 4.6083 g).
GRAMS: dict[WeightUnit, Fraction] = {
    WeightUnit.GRAM: Fraction(1),
    WeightUnit.TOLA: Fraction("11.6638038"),
    WeightUnit.TROY_OUNCE: Fraction("31.1034768"),
    WeightUnit.MESGHAL: Fraction("4.6083"),
    WeightUnit.PENNYWEIGHT: Fraction("1.55517384"),
    WeightUnit.CARAT: Fraction("0.2"),
    WeightUnit.BAHT: Fraction("15.244"),
    WeightUnit.TAEL: Fraction("37.429"),
    WeightUnit.KILOGRAM: Fraction(1000),
}

HEAVIEST_MG = 10**9  #: One tonne: nothing a shop weighs in one go is heavier.


def _exact(text: str | Decimal | int, scale: int, what: str) -> int:
    """A decimal number times 10^scale as an integer. Raises ValueError where digits would be lost."""
    if isinstance(text, str) and not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text):
        raise ValueError(f"{what} is not a plain decimal number")
    try:
        scaled = EXACTLY.scaleb(Decimal(text), scale)
    except DecimalException:
        raise ValueError(f"{what} is not a plain decimal number") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{what} has at most {scale} decimals")
    return int(scaled)


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """A weight in whole milligrams, the smallest unit a shop's scale shows."""

    mg: int

    def __post_init__(self) -> None:
        if type(self.mg) is not int or abs(self.mg) > HEAVIEST_MG:
            raise ValueError(f"a weight is a whole number of milligrams within ±{HEAVIEST_MG}")

    @classmethod
    def grams(cls, grams: str | Decimal | int) -> Weight:
        """From grams with at most three decimals. Raises ValueError on more."""
        return cls(_exact(grams, 3, "a weight in grams"))

    @property
    def g(self) -> Decimal:
        """Grams with three decimals."""
        return Decimal(self.mg).scaleb(-3)

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.mg + other.mg)

    def __sub__(self, other: Weight) -> Weight:
        return Weight(self.mg - other.mg)

    def __neg__(self) -> Weight:
        return Weight(-self.mg)

    def __mul__(self, times: int) -> Weight:
        return Weight(self.mg * times)

    def __bool__(self) -> bool:
        return self.mg != 0

    def __str__(self) -> str:
        return f"{self.g:f} g"

    def at(self, fineness: Fineness) -> FineWeight:
        """The pure metal in this weight at a fineness."""
        return FineWeight(self.mg * fineness.tenths)


@dataclass(frozen=True, slots=True, order=True)
class Fineness:
    """Purity in tenths of a thousandth: 7500 is 750.0 ‰ (18 karat). Karat is only ever a label."""

    tenths: int

    def __post_init__(self) -> None:
        if type(self.tenths) is not int or not 0 < self.tenths <= 10_000:
            raise ValueError("fineness is above 0 and at most 1000 thousandths")

    @classmethod
    def permille(cls, permille: str | Decimal | int) -> Fineness:
        """From parts per thousand with at most one decimal. Raises ValueError on more."""
        return cls(_exact(permille, 1, "a fineness"))

    @property
    def as_permille(self) -> Decimal:
        return Decimal(self.tenths).scaleb(-1)

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.tenths, 10_000)

    def __str__(self) -> str:
        return f"{self.as_permille.normalize():f}"


@dataclass(frozen=True, slots=True, order=True)
class FineWeight:
    """Pure metal in units of 0.1 µg (milligrams × tenths of a thousandth), so that it is never rounded.

    4.250 g of 750 hold 3.1875 g of gold: 4250 × 7500 = 31 875 000 units.
    """

    units: int

    @property
    def g(self) -> Decimal:
        """Grams of pure metal, exact to seven decimals."""
        return Decimal(self.units).scaleb(-7)

    @property
    def rounded(self) -> FineWeight:
        """To the milligram, as a scale shows it: for reading only."""
        return FineWeight(round(Fraction(self.units, 10_000)) * 10_000)

    def __add__(self, other: FineWeight) -> FineWeight:
        return FineWeight(self.units + other.units)

    def __sub__(self, other: FineWeight) -> FineWeight:
        return FineWeight(self.units - other.units)

    def __neg__(self) -> FineWeight:
        return FineWeight(-self.units)

    def __mul__(self, times: int) -> FineWeight:
        return FineWeight(self.units * times)

    def __bool__(self) -> bool:
        return self.units != 0

    def __str__(self) -> str:
        return f"{self.g.normalize():f} g"
