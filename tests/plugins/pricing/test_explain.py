"""A price in words, in the language of the person at hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kernel.i18n import speaking
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money
from plugins.pricing.public import (
    CartLine,
    Component,
    Discount,
    Explained,
    Extra,
    OldMetal,
    Piece,
    Rate,
    RuleOutcome,
    Stone,
    Supply,
    explain,
    explain_rate,
    market,
    price_cart,
    read_making,
)

ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GRAM = Rate(Metal.GOLD, Decimal(7_000_000), "IRT", WeightUnit.GRAM, Fineness(7500), "IR", AT, "manual")


def ring(**more: object) -> Piece:
    given: dict[str, Any] = {"gross": Weight.grams("4.250"), "making": read_making("18%")} | more
    return Piece(Metal.GOLD, Fineness(7500), **given)


def worked(line: CartLine, code: str = "IR", discount: Discount | None = None) -> list[tuple[str, str, int]]:
    rates = [GRAM] if code == "IR" else []
    priced = price_cart(market(code), rates, [line], discount, on=ON).lines[0]
    return [(step.title, step.worked, step.amount.amount) for step in explain(priced)]


def test_the_worked_day_step_by_step():
    assert worked(CartLine("1", ring())) == [
        ("Metal", "4.250 g of 750 × 7,000,000 per gram", 29_750_000),
        ("Making charge", "18% of 29,750,000", 5_355_000),
        ("Profit", "7% of 35,105,000", 2_457_350),
        ("VAT", "10% of 7,812,350", 781_235),
        ("Total", "", 38_343_585),
    ]


def test_in_persian_the_digits_are_persian():
    with speaking("fa"):
        steps = worked(CartLine("1", ring()))
    assert "۱۸٪" in steps[1][1]
    assert "۲۹٬۷۵۰٬۰۰۰" in steps[1][1]


def test_everything_that_can_be_on_a_line():
    piece = ring(
        gross=Weight.grams("4.450"),
        stones_weight=Weight.grams("0.200"),
        wastage_percent=Decimal("2.5"),
        stones=(Stone("Zircon", Decimal("1.00"), Decimal(400_000)), Stone("Pearl", value=Money(90_000, "IRT"))),
        extras=(Extra("Clasp", Money(150_000, "IRT")),),
    )
    line = CartLine(
        "1",
        piece,
        2,
        discount=Discount(Decimal(50), on=frozenset({Component.MAKING})),
        rules=RuleOutcome(price_step=Money(10_000, "IRT")),
    )
    assert worked(line, discount=Discount(amount=Money(1000, "IRT"))) == [
        ("Metal", "4.250 g of 750 × 7,000,000 per gram", 29_750_000),
        ("Wastage", "2.5% of 29,750,000", 743_750),
        ("Making charge", "18% of 29,750,000", 5_355_000),
        ("Stones", "Zircon 1 ct × 400,000, Pearl 90,000", 490_000),
        ("Extras", "Clasp 150,000", 150_000),
        ("Profit", "7% of 35,848,750", 2_509_413),
        ("Rounded price", "38,998,163 to a multiple of 10,000", 39_000_000),
        ("Quantity", "× 2 pieces", 78_000_000),
        ("Discount", "50% of 10,710,000 (Making charge)", -5_355_000),
        ("Share of the discount on the whole sale", "", -1000),
        ("VAT", "10% of 10,376,500", 1_037_650),
        ("Total", "", 73_681_650),
    ]


def test_a_value_that_is_not_whole_is_shown_with_its_rounded_one():
    piece = ring(gross=Weight.grams("3.333"), making=read_making("17.5%"))
    rate = Rate(Metal.GOLD, Decimal(7_123_457), "IRT", WeightUnit.GRAM, Fineness(7500), "IR", AT, "manual")
    priced = price_cart(market("IR"), [rate], [CartLine("1", piece)], on=ON).lines[0]
    assert explain(priced)[0] == Explained(
        "metal",
        "Metal",
        "3.333 g of 750 × 7,123,457 per gram",
        Money(23_742_482, "IRT"),
        "23,742,482.181",
    )


def test_what_is_inside_the_price_is_said_to_be():
    tag = CartLine("1", Piece(fixed_price=Money(120_000, "GBP")))
    used = CartLine("1", Piece(fixed_price=Money(50_000, "GBP")), supply=Supply.SECOND_HAND, cost=Money(32_000, "GBP"))
    assert worked(tag, "GB")[:2] == [
        ("Fixed price", "", 120_000),
        ("VAT", "20%, contained in 1,200.00", 20_000),
    ]
    assert worked(used, "GB")[1] == (
        "VAT",
        "20%, contained in the margin of 180.00 · Margin scheme for second-hand goods",
        3_000,
    )


def test_a_price_set_by_hand_and_one_from_cost():
    by_hand = CartLine("1", Piece(fixed_price=Money(120_000, "GBP")), manual_price=Money(100_000, "GBP"))
    from_cost = CartLine("1", Piece(), cost=Money(40_000, "GBP"), rules=RuleOutcome(markup_percent=Decimal(150)))
    assert worked(by_hand, "GB")[0] == ("Price set by hand", "", 100_000)
    assert worked(from_cost, "GB")[0] == ("Mark-up", "cost 400.00 + 150%", 100_000)


def test_the_customers_own_metal_is_shown_and_not_charged():
    rate = Rate(Metal.GOLD, Decimal(13_000), "INR", WeightUnit.GRAM, Fineness(9160), "IN", AT, "manual")
    piece = Piece(Metal.GOLD, Fineness(9160), Weight.grams(10), making=read_making("10%"))
    line = CartLine("1", piece, supply=Supply.JOB_WORK)
    priced = price_cart(market("IN"), [rate], [line], on=ON).lines[0]
    steps = [(step.title, step.worked, step.amount.amount) for step in explain(priced)]
    assert steps[0] == ("The customer’s metal, not charged", "10.000 g of 916 × 13,000.00 per gram", 13_000_000)
    assert steps[2] == ("CGST", "2.5% of 13,000.00 · Work on the customer's own gold", 32_500)


def test_old_metal():
    old = OldMetal("1", Metal.GOLD, Weight.grams("6.120"), Fineness(7500), less_percent=Decimal(1))
    bought = price_cart(market("IR"), [GRAM], [], exchange=[old], on=ON).exchange[0]
    assert [(step.title, step.worked, step.amount.amount) for step in explain(bought)] == [
        ("Old metal", "6.120 g of 750 × 7,000,000 per gram × 740/750, less 1%", 41_846_112),
    ]


def test_a_rate_in_words():
    assert explain_rate(GRAM) == "7,000,000 IRT per gram at 750 (manual, 20 Nov 2026, 09:00 UTC)"
