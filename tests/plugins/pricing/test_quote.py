"""Pieces, lines and discounts: what is refused, and the corners of a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kernel.errors import RuleBroken
from kernel.metal import Fineness, FineWeight, Metal, Weight, WeightUnit
from kernel.money import CurrencyMismatch, Money
from plugins.pricing.domain.discount import share_out
from plugins.pricing.domain.errors import FinenessOutOfRange
from plugins.pricing.public import (
    CartLine,
    Component,
    CostNeeded,
    Discount,
    DiscountAboveTotal,
    Extra,
    FormulaUnknown,
    OldMetal,
    Piece,
    PieceIncomplete,
    PricedLine,
    Rate,
    RateMissing,
    ReplayDiffers,
    RuleOutcome,
    Stone,
    Supply,
    freeze,
    market,
    part_of,
    price_cart,
    read_making,
    replay,
)

ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GRAM = Rate(Metal.GOLD, Decimal(7_000_000), "IRT", WeightUnit.GRAM, Fineness(7500), "IR", AT, "manual")
RING = Piece(Metal.GOLD, Fineness(7500), Weight.grams("4.250"), making=read_making("18%"))


def priced(*lines: CartLine, discount: Discount | None = None) -> list[PricedLine]:
    return list(price_cart(market("IR"), [GRAM], lines, discount, on=ON).lines)


def toman(amount: int) -> Money:
    return Money(amount, "IRT")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"metal": Metal.GOLD}, "has a fineness"),
        ({"fineness": Fineness(7500)}, "has a fineness"),
        ({"gross": Weight(-1)}, "not negative"),
        ({"stones_weight": Weight(-1)}, "not negative"),
        ({"gross": Weight(10), "stones_weight": Weight(11)}, "more than the whole piece"),
        ({"metal": Metal.GOLD, "fineness": Fineness(7500)}, "weighs more than its stones"),
        ({"wastage_percent": Decimal(101)}, "Wastage"),
        ({"wastage_percent": Decimal("NaN")}, "Wastage"),
        ({"fixed_price": toman(-1)}, "not negative"),
    ],
)
def test_a_piece_that_cannot_be_is_refused_with_a_sentence(given: dict[str, Any], said: str):
    with pytest.raises(PieceIncomplete, match=said):
        Piece(**given)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Stone("Ruby"), "either a value, or carats and a rate"),
        (lambda: Stone("Ruby", Decimal(1), Decimal(1), toman(1)), "either a value, or carats and a rate"),
        (lambda: Stone("Ruby", Decimal(-1), Decimal(1)), "not negative"),
        (lambda: Stone("Ruby", value=toman(-1)), "not negative"),
        (lambda: Extra("Box", toman(-1)), "not negative"),
        (lambda: CartLine("1", RING, 0), "from 1 to 100,000"),
        (lambda: CartLine("1", RING, 100_001), "from 1 to 100,000"),
        (lambda: CartLine("1", RING, manual_price=toman(-1)), "not negative"),
        (lambda: Discount(), "either a percentage or an amount"),
        (lambda: Discount(Decimal(1), toman(1)), "either a percentage or an amount"),
        (lambda: Discount(Decimal(101)), "from 0 to 100"),
        (lambda: Discount(Decimal(-1)), "from 0 to 100"),
        (lambda: Discount(amount=toman(-1)), "not negative"),
        (lambda: OldMetal("1", Metal.GOLD, Weight(0), Fineness(7500)), "more than its stones"),
        (lambda: OldMetal("1", Metal.GOLD, Weight(1), Fineness(7500), less_percent=Decimal(101)), "from 0 to 100"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(make, said: str):
    with pytest.raises(RuleBroken, match=said):
        make()


def test_a_line_of_nothing_has_no_price():
    with pytest.raises(PieceIncomplete, match="nothing to price"):
        priced(CartLine("1", Piece()))


def test_a_charge_in_per_cent_needs_metal():
    with pytest.raises(PieceIncomplete, match="needs a piece of metal"):
        priced(CartLine("1", Piece(making=read_making("18%"))))


def test_work_alone_has_a_price():
    (line,) = priced(CartLine("1", Piece(making=read_making("300000"))))
    assert line.revenue == ((Component.MAKING, toman(300_000)), (Component.PROFIT, toman(21_000)))
    assert (line.rate, line.fine) == (None, FineWeight(0))


def test_amounts_in_another_currency_never_mix():
    with pytest.raises(CurrencyMismatch):
        priced(CartLine("1", Piece(Metal.GOLD, Fineness(7500), Weight(1), extras=(Extra("Box", Money(1, "AED")),))))


def test_a_discount_above_the_line_is_refused():
    (line,) = priced(CartLine("1", RING))
    priced(CartLine("1", RING, discount=Discount(amount=line.price)))
    with pytest.raises(DiscountAboveTotal, match="A discount of 37,562,351 IRT is more than the 37,562,350 IRT"):
        priced(CartLine("1", RING, discount=Discount(amount=line.price + toman(1))))


def test_a_discount_above_the_cart_is_refused():
    with pytest.raises(DiscountAboveTotal):
        priced(CartLine("1", RING), CartLine("2", RING), discount=Discount(amount=toman(2 * 37_562_350 + 1)))


def test_a_discount_on_nothing_is_refused():
    with pytest.raises(DiscountAboveTotal):
        priced(discount=Discount(amount=toman(1)))


def test_the_whole_price_off_leaves_no_tax():
    (line,) = priced(CartLine("1", RING, discount=Discount(Decimal(100))))
    assert (line.total, line.tax) == (toman(0), toman(0))


def test_a_discount_larger_than_wage_and_profit_comes_off_the_metal_too():
    (line,) = priced(CartLine("1", RING, discount=Discount(amount=toman(10_000_000))))
    assert (line.tax, line.total) == (toman(0), toman(27_562_350))


def test_a_discount_on_the_making_charge_stays_within_it():
    on_making = frozenset({Component.MAKING})
    (line,) = priced(CartLine("1", RING, discount=Discount(Decimal(100), on=on_making)))
    assert line.discount == toman(5_355_000)
    with pytest.raises(DiscountAboveTotal):
        priced(CartLine("1", RING, discount=Discount(amount=toman(5_355_001), on=on_making)))


def test_the_unit_price_times_the_quantity_is_the_line():
    (one,) = priced(CartLine("1", Piece(Metal.GOLD, Fineness(7050), Weight(333))))
    (many,) = priced(CartLine("1", Piece(Metal.GOLD, Fineness(7050), Weight(333)), 7))
    assert many.price == one.price * 7
    assert many.fine == one.fine * 7


def test_a_rules_word_goes_before_the_pieces_and_the_markets():
    rules = RuleOutcome(making=read_making("10%"), profit_percent=Decimal(0))
    (line,) = priced(CartLine("1", RING, rules=rules))
    assert line.revenue == ((Component.METAL, toman(29_750_000)), (Component.MAKING, toman(2_975_000)))


def test_a_round_price_is_paid_by_the_profit():
    (line,) = priced(CartLine("1", RING, rules=RuleOutcome(price_step=toman(100_000))))
    assert (line.price, dict(line.revenue)[Component.PROFIT]) == (toman(37_600_000), toman(2_495_000))


def test_a_mark_up_and_the_margin_scheme_need_the_cost():
    with pytest.raises(CostNeeded):
        priced(CartLine("1", RING, rules=RuleOutcome(markup_percent=Decimal(100))))
    used = CartLine("1", Piece(fixed_price=Money(100, "GBP")), supply=Supply.SECOND_HAND)
    with pytest.raises(CostNeeded):
        price_cart(market("GB"), [], [used], on=ON)


def test_the_margin_of_several_pieces_counts_each_cost():
    used = CartLine("1", Piece(fixed_price=Money(50_000, "GBP")), 3, Supply.SECOND_HAND, cost=Money(32_000, "GBP"))
    (line,) = price_cart(market("GB"), [], [used], on=ON).lines
    assert (line.tax, line.total) == (Money(9_000, "GBP"), Money(150_000, "GBP"))


def test_a_fixed_price_of_metal_needs_a_rate_only_where_metal_is_not_taxed():
    tag = CartLine("1", Piece(Metal.SILVER, Fineness(9250), Weight(20_000), fixed_price=toman(5_000_000)))
    with pytest.raises(RateMissing):
        priced(tag)
    abroad = CartLine("1", Piece(Metal.SILVER, Fineness(9250), Weight(20_000), fixed_price=Money(10_500, "AED")))
    (line,) = price_cart(market("AE"), [], [abroad], on=ON).lines
    assert (line.tax, line.total) == (Money(500, "AED"), Money(10_500, "AED"))


def test_gold_that_rose_above_a_fixed_price_is_all_of_it():
    (line,) = priced(CartLine("1", Piece(Metal.GOLD, Fineness(7500), Weight(4000), fixed_price=toman(20_000_000))))
    assert line.revenue == ((Component.METAL, toman(20_000_000)), (Component.GOODS, toman(0)))
    assert line.tax == toman(0)


def test_a_price_set_by_hand_goes_before_the_tag():
    piece = Piece(fixed_price=toman(20_000_000))
    (line,) = priced(CartLine("1", piece, manual_price=toman(19_000_000)))
    assert line.price == toman(19_000_000)


def test_old_metal_below_the_deduction_has_no_buy_back_fineness():
    dust = OldMetal("1", Metal.GOLD, Weight(1000), Fineness(100))
    with pytest.raises(FinenessOutOfRange):
        price_cart(market("IR"), [GRAM], [], exchange=[dust], on=ON)


def test_an_empty_cart_costs_nothing():
    cart = price_cart(market("IR"), [], [], on=ON)
    assert (cart.due, cart.taxes) == (toman(0), {})


def test_more_pieces_than_were_sold_are_not_given_back():
    (line,) = priced(CartLine("1", RING, 3))
    with pytest.raises(PieceIncomplete, match="only 1 piece left"):
        part_of(line, 2, 2)


def test_a_record_of_another_formula_or_with_a_hole_is_refused():
    (line,) = priced(CartLine("1", RING))
    record = freeze(line)
    with pytest.raises(FormulaUnknown, match="formula 2"):
        replay(record | {"formula": 2})
    for name in set(record) - {"formula"}:
        with pytest.raises(ReplayDiffers):
            replay({key: value for key, value in record.items() if key != name})
    with pytest.raises(ReplayDiffers):
        replay(record | {"kind": "gift"})
    with pytest.raises(ReplayDiffers):
        replay(record | {"rate": record["rate"] | {"value": "7000001"}})


def test_the_largest_remainders_take_the_odd_units():
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(10, [5, 1]) == [8, 2]
    assert share_out(0, [0, 0]) == [0, 0]


def test_a_relief_wins_wherever_it_stands_in_the_file():
    emirates = market("AE")
    turned = replace(emirates, taxes=emirates.taxes[::-1]).terms(ON)
    assert [tax.rate for tax in turned.taxes_on(Supply.INVESTMENT, Fineness(9999))] == [0]
    assert [tax.rate for tax in turned.taxes_on(Supply.NEW, Fineness(9999))] == [5]
