"""The making charge (ojrat, wage): what the work on a piece costs, in every way the trade states it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.digits import decimal_text, number_text
from kernel.i18n import _, language
from kernel.metal import Fineness, Weight
from plugins.pricing.domain.amounts import minor_units, percent_of, price_of
from plugins.pricing.domain.errors import MakingUnclear

PURE = Fineness(10_000)
MOST_PERCENT = Decimal(10_000)
HIGHEST = Decimal(10) ** 15

MetalValue = Callable[[Weight, Fineness], Fraction]  #: Minor units for a weight at a fineness, by the rate at hand.


class MakingKind(StrEnum):
    NONE = "none"
    PERCENT = "percent"  #: of the metal's value
    PER_GRAM = "per_gram"  #: major units of money for each net gram
    PER_PIECE = "per_piece"  #: major units of money
    GOLD = "gold"  #: grams of the same metal, pure unless `fineness` says otherwise
    MILYEM = "milyem"  #: thousandths of the net weight, in pure metal (Turkey)


@dataclass(frozen=True, slots=True)
class Making:
    kind: MakingKind
    value: Decimal = Decimal(0)
    fineness: Fineness | None = None

    def __post_init__(self) -> None:
        most = {MakingKind.PERCENT: MOST_PERCENT, MakingKind.MILYEM: Decimal(1000)}.get(self.kind, HIGHEST)
        if not (self.value.is_finite() and 0 <= self.value <= most):
            raise MakingUnclear(
                _("A making charge is a number from 0 to {most}.").format(most=number_text(f"{most:f}", language()))
            )
        if self.kind is MakingKind.GOLD:
            _whole(self.value.scaleb(3), _("A making charge in metal has at most three decimals of a gram."))
        if self.kind is MakingKind.MILYEM:
            _whole(self.value.scaleb(1), _("A making charge in milyem has at most one decimal."))

    @property
    def needs_rate(self) -> bool:
        return self.kind in (MakingKind.PERCENT, MakingKind.GOLD, MakingKind.MILYEM)

    @property
    def written(self) -> str:
        """As people write it and `read_making` reads it."""
        value = f"{self.value:f}"
        match self.kind:
            case MakingKind.NONE:
                return "none"
            case MakingKind.PERCENT:
                return f"{value}%"
            case MakingKind.PER_GRAM:
                return f"{value}/g"
            case MakingKind.PER_PIECE:
                return value
            case MakingKind.GOLD:
                return f"{value}g" if self.fineness is None else f"{value}g@{self.fineness}"
            case MakingKind.MILYEM:
                return f"{value} milyem"

    def charge(self, net: Weight, metal: Fraction | int, metal_value: MetalValue, currency: str) -> Fraction:
        """Minor units for one piece of `net` weight whose metal is worth `metal`."""
        match self.kind:
            case MakingKind.NONE:
                return Fraction(0)
            case MakingKind.PERCENT:
                return percent_of(self.value, metal)
            case MakingKind.PER_GRAM:
                return price_of(net, minor_units(self.value, currency))
            case MakingKind.PER_PIECE:
                return minor_units(self.value, currency)
            case MakingKind.GOLD:
                return metal_value(Weight.grams(self.value), self.fineness or PURE)
            case MakingKind.MILYEM:
                milyem = int(self.value.scaleb(1))
                return metal_value(net, Fineness(milyem)) if milyem else Fraction(0)


NO_MAKING = Making(MakingKind.NONE)

# In Persian as in English; and a jeweller of either types the other's.
_NUMBER = r"(?P<number>[^%٪/@a-zA-Zگرمیل‰]+?)"
_GRAM = r"(?:g|گرم)"
_WRITTEN = (
    (re.compile(_NUMBER + r"\s*[%٪]"), MakingKind.PERCENT),
    (re.compile(_NUMBER + r"\s*/\s*" + _GRAM), MakingKind.PER_GRAM),
    (re.compile(_NUMBER + r"\s*" + _GRAM + r"(\s*@\s*(?P<fineness>\S+))?"), MakingKind.GOLD),
    (re.compile(_NUMBER + r"\s*(milyem|میلیم|‰)"), MakingKind.MILYEM),
    (re.compile(_NUMBER), MakingKind.PER_PIECE),
)


def read_making(written: str) -> Making:
    """A making charge as people write it. Raises ValueError where it is none, MakingUnclear where it cannot be meant.

    `18%` of the metal, `500000/g`, `2000000` a piece, `0.5g` of pure metal or `0.5g@750`, `30 milyem`, `none`.
    """
    text = written.strip()
    if text.lower() in ("", "none", "بدون"):
        return NO_MAKING
    for pattern, kind in _WRITTEN:
        if found := pattern.fullmatch(text):
            fineness = found["fineness"] if kind is MakingKind.GOLD else None
            return Making(
                kind,
                Decimal(decimal_text(found["number"])),
                Fineness.permille(decimal_text(fineness, grouped=False)) if fineness else None,
            )
    raise ValueError("not a making charge")


def _whole(number: Decimal, sentence: str) -> None:
    if number != number.to_integral_value():
        raise MakingUnclear(sentence)
