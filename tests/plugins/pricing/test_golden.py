"""Every worked example of the trade, by market. A change of tax is a new rule in a market file and a case here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money, RoundingMode
from plugins.pricing.public import (
    CartLine,
    Component,
    Discount,
    Extra,
    MarketProfile,
    OldMetal,
    Piece,
    PricedCart,
    PricedLine,
    PricedOldMetal,
    Rate,
    Rounding,
    RuleOutcome,
    ShopChoices,
    Stone,
    Supply,
    freeze,
    market,
    market_codes,
    price_cart,
    read_making,
    replay,
)

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

Case = dict[str, Any]


def _cases() -> Iterator[Any]:
    for path in sorted(GOLDEN.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["case"]:
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")


CASES = list(_cases())


@pytest.mark.parametrize(("code", "case"), CASES)
def test_a_worked_example_comes_out_to_the_last_unit(code: str, case: Case):
    cart = priced(code, case)
    expected = case["expect"]
    assert seen(cart, expected) == expected


@pytest.mark.parametrize(("code", "case"), CASES)
def test_a_worked_example_replays_from_its_record(code: str, case: Case):
    cart = priced(code, case)
    every: list[PricedCart | PricedLine | PricedOldMetal] = [cart, *cart.lines, *cart.exchange]
    for priced_one in every:
        record = freeze(priced_one)
        assert freeze(replay(record)) == record


def test_every_market_has_worked_examples():
    assert sorted(path.stem for path in GOLDEN.glob("*.toml")) == list(market_codes())


def priced(code: str, case: Case) -> PricedCart:
    profile = as_traded(market(code), case)
    rates = [_rate(profile, rate) for rate in case["rates"]]
    lines = [_line(profile, str(number), line) for number, line in enumerate(case.get("line", []))]
    exchange = [
        OldMetal(
            str(number),
            Metal.GOLD,
            Weight.grams(old["weight"]),
            Fineness.permille(old["fineness"]),
        )
        for number, old in enumerate(case.get("old", []))
    ]
    return price_cart(profile, rates, lines, exchange=exchange, on=case["on"])


def as_traded(profile: MarketProfile, case: Case) -> MarketProfile:
    rounding = case.get("rounding")
    return profile.with_choices(
        ShopChoices(
            rounding=rounding
            and replace(
                profile.rounding,
                line_mode=RoundingMode(rounding["line"]),
                tax_mode=RoundingMode(rounding["tax"]),
                total_step=rounding["total_step"],
                total_mode=RoundingMode(rounding["total"]),
                carry_rounded=rounding["carry"] == "rounded",
                modes=tuple((Component(c), RoundingMode(mode)) for c, mode in rounding["modes"].items()),
            ),
            tax_rates={name: Decimal(rate) for name, rate in case.get("tax_rates", {}).items()},
            taxed_too=frozenset(map(Component, case.get("taxed_too", []))),
        )
    )


def seen(cart: PricedCart, expected: Case) -> Case:
    """Of what came out, all that the case has an opinion on."""
    out = {
        "revenue": [{c.value: amount.amount for c, amount in line.revenue} for line in cart.lines],
        "discounts": [line.discount.amount for line in cart.lines],
        "discounts_net": [line.discount_net.amount for line in cart.lines],
        "taxes": {name: amount.amount for name, amount in cart.taxes.items()},
        "because": [tax.because for line in cart.lines for tax in line.taxes],
        "total": cart.total.amount,
        "exchanged": [bought.paid.amount for bought in cart.exchange],
        "paid_fine": [f"{bought.fine.g.normalize():f}" for bought in cart.exchange],
        "fine": [f"{line.fine.g.normalize():f}" for line in cart.lines],
        "rounding": cart.rounding.amount,
        "due": cart.due.amount,
        "cash": [rule.answer.value for rule in market(cart.terms.market).cash_rules(cart.due, cart.terms.on)],
    }
    return {name: value for name, value in out.items() if name in expected}


def _rate(profile: MarketProfile, rate: Case) -> Rate:
    return Rate(
        Metal(rate.get("metal", "gold")),
        Decimal(rate["value"]),
        rate.get("currency", profile.currency),
        WeightUnit(rate["unit"]),
        Fineness.permille(rate["fineness"]),
        profile.code,
        AT,
        "manual",
    )


def _line(profile: MarketProfile, number: str, line: Case) -> CartLine:
    currency = profile.currency

    def money(name: str) -> Money | None:
        return Money.of(line[name], currency) if name in line else None

    def percent(name: str) -> Decimal | None:
        return Decimal(line[name]) if name in line else None

    metal = line.get("metal", "gold")
    discount = line.get("discount")
    piece = Piece(
        Metal(metal) if metal else None,
        Fineness.permille(line.get("fineness", 750)) if metal else None,
        Weight.grams(line.get("weight", "0")),
        Weight.grams(line.get("stones_weight", "0")),
        read_making(line.get("making", "none")),
        Decimal(line.get("wastage_percent", "0")),
        tuple(Stone(s["name"], Decimal(s["carats"]), Decimal(s["rate"])) for s in line.get("stones", [])),
        tuple(Extra(e["name"], Money.of(e["price"], currency)) for e in line.get("extras", [])),
        money("fixed_price"),
    )
    return CartLine(
        number,
        piece,
        supply=Supply(line.get("supply", "new")),
        discount=discount
        and Discount(
            Decimal(discount["percent"]) if "percent" in discount else None,
            Money.of(discount["amount"], currency) if "amount" in discount else None,
        ),
        cost=money("cost"),
        rules=RuleOutcome(profit_percent=percent("profit_percent"), markup_percent=percent("markup_percent")),
    )


def test_a_rounding_policy_of_the_market_is_kept_where_a_case_sets_none():
    assert as_traded(market("IR"), {}).rounding == Rounding(total_step=1000)
