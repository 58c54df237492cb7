"""What the books count in: minor units of a currency, and fine metal in units of 0.1 µg."""

from __future__ import annotations

from decimal import Decimal

from kernel.i18n import N_
from kernel.metal import Metal
from kernel.money import DECIMALS

#: ISO 4217 codes of the metals, but counted in fine weight and not in troy ounces.
METAL_UNITS = {Metal.GOLD: "XAU", Metal.SILVER: "XAG", Metal.PLATINUM: "XPT", Metal.PALLADIUM: "XPD"}

METAL_TITLES = {
    "XAU": N_("Fine gold, g"),
    "XAG": N_("Fine silver, g"),
    "XPT": N_("Fine platinum, g"),
    "XPD": N_("Fine palladium, g"),
}


def metal_unit(metal: str) -> str:
    """`gold` is counted in `XAU`."""
    return METAL_UNITS[Metal(metal)]


def is_metal(unit: str) -> bool:
    return unit in METAL_TITLES


def is_unit(code: str) -> bool:
    """Is it something the books can count?"""
    return is_metal(code) or code in DECIMALS


def decimals(unit: str) -> int:
    """How many decimals an amount has when it is written in grams or in the currency's major unit."""
    return 7 if is_metal(unit) else DECIMALS[unit]


def written(amount: int, unit: str) -> Decimal:
    """As people write it: grams, or the currency's major unit. A sum of years may be more than `Money` holds."""
    return Decimal(amount).scaleb(-decimals(unit))


def counted(number: Decimal, unit: str) -> int:
    """The other way round. `number` has no more decimals than the unit."""
    return int(number.scaleb(decimals(unit)))
