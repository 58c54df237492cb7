"""Rates: units, finenesses, and which one prices a piece."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money
from plugins.pricing.domain.errors import RateInOtherCurrency
from plugins.pricing.domain.rate import choose_rate
from plugins.pricing.public import OldMetal, Rate, RateMissing, Side, market, price_cart

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GRAM = Rate(Metal.GOLD, Decimal(7_000_000), "IRT", WeightUnit.GRAM, Fineness(7500), "IR", AT, "manual")


def test_the_mazaneh_is_a_mesghal_at_705():
    mazaneh = Rate.mazaneh(Decimal(30_322_614), "IRT", at=AT)
    assert mazaneh.per_gram_at(Fineness(7500)) == 7_000_000
    assert (mazaneh.unit, mazaneh.fineness) == (WeightUnit.MESGHAL, Fineness(7050))


def test_a_gram_of_a_troy_ounce_is_exact():
    ounce = Rate(Metal.GOLD, Decimal("4100.55"), "USD", WeightUnit.TROY_OUNCE, Fineness(10_000), "US", AT, "goldapi")
    assert ounce.per_gram == Fraction(410_055 * 10**7, 311_034_768)
    assert ounce.per_gram_at(Fineness(5850)) == ounce.per_gram * Fraction(585, 1000)


def test_india_counts_22_karat_as_22_of_24():
    terms = market("IN").terms(AT.date())
    board = replace(GRAM, currency="INR", value=Decimal(12_000), fineness=Fineness(9990))
    assert board.per_gram_at(Fineness(9160), terms) == 1_100_000
    assert board.per_gram_at(Fineness(9160)) == Fraction(1_200_000 * 9160, 9990)


def test_rial_and_toman_are_the_same_rate_exactly():
    rial = replace(GRAM, value=Decimal("70000001"), currency="IRR")
    toman = rial.in_currency("IRT")
    assert (toman.value, toman.currency) == (Decimal("7000000.1"), "IRT")
    assert toman.in_currency("IRR") == rial
    assert rial.in_currency("IRR") is rial


def test_any_other_pair_of_currencies_is_refused():
    with pytest.raises(RateInOtherCurrency, match="The rate is in IRT, prices here are in AED"):
        GRAM.in_currency("AED")


def test_a_rate_quoted_for_the_very_fineness_goes_before_a_newer_one():
    of_916 = replace(GRAM, fineness=Fineness(9160), value=Decimal(8_000_000), at=AT - timedelta(hours=1))
    assert choose_rate([GRAM, of_916], Metal.GOLD, Fineness(9160)) is of_916
    assert choose_rate([GRAM, of_916], Metal.GOLD, Fineness(5850)) is GRAM


def test_the_choice_does_not_depend_on_the_order():
    other = replace(GRAM, fineness=Fineness(9160), id="b")
    assert choose_rate([GRAM, other], Metal.GOLD, Fineness(5850)) is choose_rate(
        [other, GRAM], Metal.GOLD, Fineness(5850)
    )


def test_without_a_rate_of_the_metal_nothing_is_priced():
    with pytest.raises(RateMissing, match="There is no rate for Silver yet"):
        choose_rate([GRAM], Metal.SILVER, Fineness(9250))


def test_the_shops_own_buy_back_rate_is_paid_as_it_stands():
    old = OldMetal("1", Metal.GOLD, Weight.grams("6.120"), Fineness(7500))
    buying = replace(GRAM, side=Side.BUY_BACK, value=Decimal(6_800_000))
    by_terms = price_cart(market("IR"), [GRAM], [], exchange=[old], on=AT.date()).exchange[0]
    by_rate = price_cart(market("IR"), [GRAM, buying], [], exchange=[old], on=AT.date()).exchange[0]
    assert (by_terms.paid, by_terms.paid_as) == (Money(42_268_800, "IRT"), Fineness(7400))
    assert (by_rate.paid, by_rate.paid_as) == (Money(41_616_000, "IRT"), Fineness(7500))
    assert by_rate.fine == Weight.grams("6.120").at(Fineness(7500))


def test_a_buy_back_rate_is_never_sold_at():
    with pytest.raises(RateMissing):
        choose_rate([replace(GRAM, side=Side.BUY_BACK)], Metal.GOLD, Fineness(7500))


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": Decimal(0)},
        {"value": Decimal(-1)},
        {"value": Decimal("NaN")},
        {"value": Decimal("Infinity")},
        {"value": Decimal(10**16)},
        {"currency": "XYZ"},
        {"at": AT.astimezone(timezone(timedelta(hours=3, minutes=30)))},
        {"at": AT.replace(tzinfo=None)},
    ],
)
def test_a_rate_that_cannot_be_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValueError, match=r".+"):
        replace(GRAM, **wrong)
