"""Money is exact, in one currency, and rounded in one place."""

from __future__ import annotations

import operator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import DECIMALS, LARGEST, CurrencyMismatch, Money, RoundingMode, round_to, total

amounts = st.integers(-LARGEST // 4, LARGEST // 4)
currencies = st.sampled_from(sorted(DECIMALS))
exact = st.fractions() | st.integers()
steps = st.integers(1, 100_000)
modes = st.sampled_from(list(RoundingMode))


# Rounding


@given(exact, steps, modes)
def test_a_rounded_amount_is_a_multiple_of_the_step_less_than_a_step_away(exact, step, mode):
    rounded = round_to(exact, step, mode)
    assert rounded % step == 0
    assert abs(rounded - exact) < step


@given(exact, steps)
def test_rounding_to_the_nearest_is_never_more_than_half_a_step_away(exact, step):
    for mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN):
        assert 2 * abs(round_to(exact, step, mode) - exact) <= step


@given(exact, steps)
def test_floor_goes_down_and_ceil_goes_up(exact, step):
    assert round_to(exact, step, RoundingMode.FLOOR) <= exact <= round_to(exact, step, RoundingMode.CEIL)


@given(st.integers(), steps, modes)
def test_what_is_round_already_stays(times, step, mode):
    assert round_to(times * step, step, mode) == times * step


@given(exact, exact, steps, modes)
def test_rounding_keeps_the_order(one, other, step, mode):
    low, high = sorted([one, other])
    assert round_to(low, step, mode) <= round_to(high, step, mode)


@given(exact, steps)
def test_what_is_owed_rounds_as_what_is_due(exact, step):
    """A refund is the sale with its sign changed."""
    for mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN):
        assert round_to(-exact, step, mode) == -round_to(exact, step, mode)
    assert round_to(-exact, step, RoundingMode.FLOOR) == -round_to(exact, step, RoundingMode.CEIL)


@pytest.mark.parametrize(
    ("exact", "step", "half_up", "half_even", "floor", "ceil"),
    [
        (Fraction(1, 2), 1, 1, 0, 0, 1),
        (Fraction(3, 2), 1, 2, 2, 1, 2),
        (Fraction(5, 2), 1, 3, 2, 2, 3),
        (Fraction(-5, 2), 1, -3, -2, -3, -2),
        (1_249, 500, 1_000, 1_000, 1_000, 1_500),
        (1_250, 500, 1_500, 1_000, 1_000, 1_500),
        (-1_250, 500, -1_500, -1_000, -1_500, -1_000),
        (Fraction(10**20 + 1, 3), 10**20, 0, 0, 0, 10**20),
    ],
)  # fmt: skip
def test_halves_go_where_the_shop_says(exact, step, half_up, half_even, floor, ceil):
    assert [round_to(exact, step, mode) for mode in RoundingMode] == [half_up, half_even, floor, ceil]


def test_a_step_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        round_to(1, 0)


# Amounts


@given(amounts, amounts, currencies)
def test_sums_and_differences_are_those_of_whole_numbers(one, other, currency):
    assert Money(one, currency) + Money(other, currency) == Money(one + other, currency)
    assert Money(one, currency) - Money(other, currency) == Money(one - other, currency)
    assert -Money(one, currency) == Money(-one, currency)
    assert (Money(one, currency) < Money(other, currency)) == (one < other)
    assert bool(Money(one, currency)) == (one != 0)


@given(st.lists(amounts.map(lambda amount: amount // 100), max_size=20), currencies)
def test_a_total_is_the_sum_and_of_nothing_it_is_zero(many, currency):
    assert total((Money(one, currency) for one in many), currency) == Money(sum(many), currency)


@given(amounts, currencies)
def test_an_amount_survives_being_written_in_major_units(amount, currency):
    money = Money(amount, currency)
    assert Money.of(money.decimal, currency) == money
    assert Money.of(str(money.decimal), currency) == money


@pytest.mark.parametrize("join", [operator.add, operator.sub, operator.lt, operator.le])
def test_two_currencies_never_meet_in_one_sum(join):
    with pytest.raises(CurrencyMismatch):
        join(Money(1, "IRT"), Money(1, "IRR"))
    assert Money(1, "IRT") != Money(1, "IRR")


@pytest.mark.parametrize("amount", [1.0, True, "1", None, Decimal(1), LARGEST + 1, -LARGEST - 1])
def test_an_amount_is_a_whole_number_that_a_browser_holds(amount):
    with pytest.raises(ValueError, match="whole number of minor units"):
        Money(amount, "EUR")


def test_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="unknown currency 'XAU'"):
        Money(1, "XAU")


@pytest.mark.parametrize(
    ("major", "currency", "minor"),
    [("12.34", "EUR", 1_234), ("1", "KWD", 1_000), (7, "IRT", 7), ("-0.50", "AED", -50), ("5.000", "IRT", 5)],
)
def test_an_amount_typed_in_major_units(major, currency, minor):
    assert Money.of(major, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("major", "currency"),
    [
        ("12.345", "EUR"),
        ("0.5", "IRT"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
        ("-Infinity", "IRT"),
        ("ten", "EUR"),
        ("1e400", "EUR"),
        ("1e-400", "EUR"),
        ("9007199254740991.0000000000000000000001", "IRT"),
        ("90071992547409920", "IRT"),
    ],
)
def test_what_is_no_exact_amount_of_the_currency_is_refused(major, currency):
    with pytest.raises(ValueError, match=r"decimals|whole number"):
        Money.of(major, currency)


def test_money_reads_as_it_is_written():
    assert [str(Money(1_234_567, code)) for code in ("EUR", "IRT", "KWD")] == [
        "12,345.67 EUR",
        "1,234,567 IRT",
        "1,234.567 KWD",
    ]
