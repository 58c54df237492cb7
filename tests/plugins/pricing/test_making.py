"""The making charge in every way the trade states and writes it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from kernel.errors import RuleBroken
from kernel.metal import Fineness, Weight
from plugins.pricing.public import NO_MAKING, Making, MakingKind, read_making

NET, METAL = Weight.grams("4.250"), Fraction(29_750_000)


def at_7_million(weight: Weight, fineness: Fineness) -> Fraction:
    return Fraction(7_000_000 * weight.mg * fineness.tenths, 1000 * 7500)


@pytest.mark.parametrize(
    ("written", "making", "charge"),
    [
        ("none", NO_MAKING, 0),
        ("", NO_MAKING, 0),
        ("18%", Making(MakingKind.PERCENT, Decimal(18)), 5_355_000),
        ("۱۸٪", Making(MakingKind.PERCENT, Decimal(18)), 5_355_000),
        ("17.5 %", Making(MakingKind.PERCENT, Decimal("17.5")), 5_206_250),
        ("500,000/g", Making(MakingKind.PER_GRAM, Decimal(500_000)), 2_125_000),
        ("2000000", Making(MakingKind.PER_PIECE, Decimal(2_000_000)), 2_000_000),
        ("۲٬۰۰۰٬۰۰۰", Making(MakingKind.PER_PIECE, Decimal(2_000_000)), 2_000_000),
        ("0.3g", Making(MakingKind.GOLD, Decimal("0.3")), 2_800_000),
        ("0.3 g @ 750", Making(MakingKind.GOLD, Decimal("0.3"), Fineness(7500)), 2_100_000),
        ("30 milyem", Making(MakingKind.MILYEM, Decimal(30)), 1_190_000),
        ("30‰", Making(MakingKind.MILYEM, Decimal(30)), 1_190_000),
        ("0 milyem", Making(MakingKind.MILYEM, Decimal(0)), 0),
    ],
)
def test_a_making_charge_as_it_is_written(written: str, making: Making, charge: int):
    assert read_making(written) == making
    assert making.charge(NET, METAL, at_7_million, "IRT") == charge


def test_money_is_in_major_units_of_the_currency():
    assert read_making("25.50/g").charge(Weight(2000), 0, at_7_million, "AED") == 5100
    assert read_making("25.5").charge(Weight(2000), 0, at_7_million, "KWD") == 25_500


@pytest.mark.parametrize("written", ["a lot", "18%%", "/g", "%", "1.2.3", "-5 %5", "0.3g@", "0.3g@1001", "18% g"])
def test_what_is_no_making_charge_is_refused(written: str):
    with pytest.raises(ValueError, match=r".*"):
        read_making(written)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (MakingKind.PERCENT, "-1", "from 0 to 10,000"),
        (MakingKind.PERCENT, "10001", "from 0 to 10,000"),
        (MakingKind.PER_PIECE, "NaN", "from 0"),
        (MakingKind.MILYEM, "1001", "from 0 to 1,000"),
        (MakingKind.MILYEM, "1.25", "one decimal"),
        (MakingKind.GOLD, "0.1234", "three decimals"),
    ],
)
def test_a_making_charge_that_cannot_be_meant_says_why(kind: MakingKind, value: str, said: str):
    with pytest.raises(RuleBroken, match=said):
        Making(kind, Decimal(value))
