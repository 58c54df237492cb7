"""A shop's own pricing rules, from what is typed to the price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from kernel.errors import BadInput
from kernel.ids import new_id
from kernel.metal import Fineness, Metal, Weight
from kernel.money import Money, RoundingMode
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.branches import public as branches
from plugins.inventory import public as inventory
from plugins.pricing.actions.edit_rules import add_rule, change_rule, remove_rule
from plugins.pricing.actions.quote import price_described
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.domain.errors import RuleNameTaken, RuleUnknown
from plugins.pricing.domain.rules import Reason
from plugins.pricing.forms.board import RateForm
from plugins.pricing.forms.quote import QuoteForm
from plugins.pricing.forms.rules import RuleForm
from plugins.pricing.public import (
    NO_MAKING,
    Asked,
    CartLine,
    Component,
    Piece,
    PricedCart,
    PricingRule,
    Situation,
    board,
    freeze,
    read_making,
    replay,
)
from plugins.pricing.queries.rules import all_rules, rule
from web.forms import validate

RING = CartLine("1", Piece(Metal.GOLD, Fineness(7500), Weight.grams("4.250"), making=read_making("18%")))


def form(**typed: object) -> RuleForm:
    return validate(RuleForm, {"name": "VIP", **typed})


def category(uow: UnitOfWork, name: str, parent: UUID | None = None) -> UUID:
    return inventory.add_category(uow, name, parent).id


def test_a_rule_is_kept_as_it_was_written(uow: UnitOfWork):
    branch = branches.branches(uow)[0].id
    rings = category(uow, "Rings")
    added = add_rule(
        uow,
        form(
            metal="gold", fineness_min="740", fineness_max="18K", category=str(rings), craftsmanship="hand",
            branch=str(branch), tier="vip", making="500,000/g", profit_percent="5.5", markup_percent="120",
            price_step="1000", price_mode="ceil",
        ),
    )  # fmt: skip
    assert all_rules(uow) == [added]
    assert rule(uow, UUID(added.id)) == PricingRule(
        added.id,
        "VIP",
        Metal.GOLD,
        Fineness(7400),
        Fineness(7500),
        str(rings),
        "hand",
        str(branch),
        "vip",
        read_making("500000/g"),
        Decimal("5.5"),
        Decimal(120),
        Money(1000, "IRT"),
        RoundingMode.CEIL,
    )


def test_a_rule_decides_the_price_and_is_named_in_its_record(uow: UnitOfWork):
    set_rate(uow, validate(RateForm, {"value": "7000000", "unit": "gram", "fineness": "750"}))
    added = add_rule(uow, form(tier="vip", profit_percent="5"))
    retail, vip = (
        board(uow).price([Asked(RING, Situation(Metal.GOLD, Fineness(7500), tier=tier))]) for tier in ("retail", "vip")
    )
    assert (retail.total, vip.total) == (Money(38_343_585, "IRT"), Money(37_571_275, "IRT"))
    assert vip.lines[0].line.rules.reasons == (Reason("profit", added.id, "VIP"),)
    remove_rule(uow, UUID(added.id))
    assert freeze(replay(freeze(vip.lines[0]))) == freeze(vip.lines[0])
    assert board(uow).price([Asked(RING, Situation(tier="vip"))]).total == retail.total


def test_a_making_charge_on_the_piece_stays_unless_the_rule_is_about_the_customer(uow: UnitOfWork):
    set_rate(uow, validate(RateForm, {"value": "7000000", "unit": "gram", "fineness": "750"}))
    add_rule(uow, form(name="18 karat", fineness_min="740", making="10%"))
    plain = replace(RING, piece=replace(RING.piece, making=NO_MAKING))
    own, ruled = (board(uow).price([Asked(line, Situation(Metal.GOLD, Fineness(7500)))]) for line in (RING, plain))
    assert (making_of(own), making_of(ruled)) == (5_355_000, 2_975_000)
    add_rule(uow, form(tier="vip", making="12%"))
    vip = board(uow).price([Asked(RING, Situation(Metal.GOLD, Fineness(7500), tier="vip"))])
    assert making_of(vip) == 3_570_000


def making_of(cart: PricedCart) -> int:
    return dict(cart.lines[0].revenue)[Component.MAKING].amount


def test_a_rule_about_a_category_holds_for_what_is_below_it(uow: UnitOfWork):
    set_rate(uow, validate(RateForm, {"value": "7000000", "unit": "gram", "fineness": "750"}))
    rings = category(uow, "Rings")
    solitaires = category(uow, "Solitaires", rings)
    chains = category(uow, "Chains")
    add_rule(uow, form(category=str(rings), profit_percent="20"))
    profits = []
    for one in (rings, solitaires, chains):
        line = {"weight": "4.250", "fineness": "750", "category": str(one)}
        cart = price_described(uow, validate(QuoteForm, {"lines": [line]}))
        profits.append(dict(cart.lines[0].revenue)[Component.PROFIT].amount)
    assert profits == [5_950_000, 5_950_000, 2_082_500]


def test_a_rule_is_written_anew(uow: UnitOfWork):
    added = add_rule(uow, form(profit_percent="5"))
    change_rule(uow, UUID(added.id), form(name="Family", making="none"))
    assert all_rules(uow) == [PricingRule(added.id, "Family", making=read_making("none"))]


def test_two_rules_do_not_share_a_name(database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        add_rule(uow, form(profit_percent="5"))
    with pytest.raises(RuleNameTaken), database.for_shop(shop.id, actor) as uow:
        add_rule(uow, form(profit_percent="6"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, ""),
        ({"fineness_min": "916", "fineness_max": "750", "profit_percent": "5"}, "fineness_max"),
        ({"price_step": "0.5"}, "price_step"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_by_field(uow: UnitOfWork, typed: dict[str, str], field: str):
    with pytest.raises(BadInput) as refused:
        add_rule(uow, form(**typed))
    assert list(refused.value.fields) == [field]
    assert all_rules(uow) == []


@pytest.mark.parametrize(
    "typed",
    [{"profit_percent": "-1"}, {"making": "a lot"}, {"making": "20000%"}, {"metal": "brass"}, {"price_mode": "up"}],
)
def test_what_is_typed_wrong_is_refused_by_field(typed: dict[str, str]):
    with pytest.raises(BadInput) as refused:
        form(**typed)
    assert list(refused.value.fields) == list(typed)


def test_a_rule_and_a_branch_of_another_shop_are_unknown(
    database: Database, actor: Actor, new_shop: Callable[..., Shop]
):
    with database.for_shop(new_shop().id, actor) as uow:
        theirs = UUID(add_rule(uow, form(profit_percent="5")).id)
        branch = branches.branches(uow)[0].id
        theirs_too = category(uow, "Rings")
    with database.for_shop(new_shop().id, actor) as uow:
        for unknown in (theirs, new_id()):
            with pytest.raises(RuleUnknown):
                rule(uow, unknown)
            with pytest.raises(RuleUnknown):
                change_rule(uow, unknown, form(profit_percent="6"))
            with pytest.raises(RuleUnknown):
                remove_rule(uow, unknown)
        for missing in (branch, new_id()):
            with pytest.raises(BadInput):
                add_rule(uow, form(profit_percent="5", branch=str(missing)))
        for missing in (theirs_too, new_id()):
            with pytest.raises(BadInput):
                add_rule(uow, form(profit_percent="5", category=str(missing)))
        assert all_rules(uow) == []
