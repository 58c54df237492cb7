"""Weight, fineness and pure metal are exact: what goes in comes out, to the last tenth of a microgram."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.metal import GRAMS, HEAVIEST_MG, Fineness, FineWeight, Weight, WeightUnit

weights = st.integers(-HEAVIEST_MG // 2, HEAVIEST_MG // 2).map(Weight)
finenesses = st.integers(1, 10_000).map(Fineness)


def test_a_ring_of_18_karat_holds_three_quarters_gold():
    assert Weight.grams("4.250").at(Fineness.permille(750)) == FineWeight(31_875_000)
    assert FineWeight(31_875_000).g == Decimal("3.1875000")


@given(weights, finenesses)
def test_pure_metal_is_the_exact_product(weight, fineness):
    assert Fraction(weight.at(fineness).g) == Fraction(weight.g) * fineness.fraction


@given(st.lists(st.integers(0, 10**6).map(Weight), max_size=20), finenesses)
def test_melting_pieces_together_loses_nothing(pieces, fineness):
    melted = Weight(sum(piece.mg for piece in pieces))
    assert FineWeight(sum(piece.at(fineness).units for piece in pieces)) == melted.at(fineness)


@given(weights, weights)
def test_weights_add_up(one, other):
    assert (one + other) - other == one
    assert one + -one == Weight(0)
    assert (one < other) == (one.mg < other.mg)


@given(weights)
def test_a_weight_survives_being_written_in_grams(weight):
    assert Weight.grams(weight.g) == weight
    assert Weight.grams(str(weight.g)) == weight


@given(finenesses)
def test_a_fineness_survives_being_written_in_thousandths(fineness):
    assert Fineness.permille(str(fineness)) == fineness
    assert Fineness.permille(fineness.as_permille) == fineness


@pytest.mark.parametrize(
    "typed",
    [
        "4.2505",
        "1e3",
        "",
        "4,2",
        "NaN",
        "Infinity",
        "4.2.5",
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("4." + "0" * 60 + "1"),
    ],
)
def test_what_is_no_weight_in_milligrams_is_refused(typed):
    with pytest.raises(ValueError, match="a weight in grams"):
        Weight.grams(typed)


@pytest.mark.parametrize("mg", [1.0, True, "1", None, HEAVIEST_MG + 1, -HEAVIEST_MG - 1])
def test_a_weight_is_a_whole_number_that_a_shop_could_lift(mg):
    with pytest.raises(ValueError, match="whole number of milligrams"):
        Weight(mg)


@pytest.mark.parametrize("tenths", [0, -1, 10_001, 7_500.0, True, None])
def test_a_fineness_is_above_nothing_and_at_most_pure(tenths):
    with pytest.raises(ValueError, match="at most 1000 thousandths"):
        Fineness(tenths)


def test_units_of_the_trade_are_what_they_are_defined_as():
    assert GRAMS[WeightUnit.TROY_OUNCE] == Fraction("31.1034768")
    assert GRAMS[WeightUnit.TOLA] == GRAMS[WeightUnit.TROY_OUNCE] * Fraction(3, 8)
    assert GRAMS[WeightUnit.PENNYWEIGHT] * 20 == GRAMS[WeightUnit.TROY_OUNCE]
    assert set(GRAMS) == set(WeightUnit)


def test_metal_reads_as_it_is_written():
    written = (str(Weight(4_250)), str(Fineness(7_500)), str(Fineness(9_167)), str(FineWeight(31_875_000)))
    assert written == ("4.250 g", "750", "916.7", "3.1875 g")


def test_fine_weight_is_read_to_the_milligram_however_much_it_is():
    assert FineWeight(457_710_450).rounded == FineWeight(457_710_000)
    assert str(FineWeight(10**17 + 5_001).rounded) == "10000000000.001 g"
