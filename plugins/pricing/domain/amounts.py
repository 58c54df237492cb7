"""Amounts that are not money yet: exact, in minor units, before anything is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kernel.metal import Weight
from kernel.money import DECIMALS

_MINOR_PER_MAJOR = {currency: int(10**decimals) for currency, decimals in DECIMALS.items()}


def minor_units(major: Decimal, currency: str) -> Fraction:
    """A price in major units, with any number of decimals, as exact minor units."""
    numerator, denominator = major.as_integer_ratio()
    return Fraction(numerator * _MINOR_PER_MAJOR[currency], denominator)


def percent_of(percent: Decimal, amount: Fraction | int) -> Fraction:
    """A percentage of an amount. One fraction, because making and reducing them is what a price costs."""
    numerator, denominator = percent.as_integer_ratio()
    return Fraction(numerator * amount.numerator, denominator * 100 * amount.denominator)


def price_of(weight: Weight, per_gram: Fraction) -> Fraction:
    """A weight at a price per gram."""
    return Fraction(per_gram.numerator * weight.mg, per_gram.denominator * 1000)
