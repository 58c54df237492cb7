"""Random carts as a shop could ring them up, for the property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import DECIMALS, Money, RoundingMode
from plugins.pricing.public import (
    CartLine,
    Component,
    Discount,
    Extra,
    Making,
    MakingKind,
    MarketProfile,
    OldMetal,
    Piece,
    Rate,
    Rounding,
    RuleOutcome,
    ShopChoices,
    Stone,
    Supply,
    market,
)

ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CODES = ("AE", "IN", "IR", "SA", "TR")
FINENESSES = tuple(map(Fineness, (3750, 5850, 7050, 7500, 8750, 9160, 9999)))
STEPS = {"IR": (1, 100, 1000), "IN": (1, 100), "AE": (1, 25), "SA": (1, 5), "TR": (1,)}

modes = st.sampled_from(RoundingMode)
percents = st.decimals(0, 100, places=2)


def amounts(currency: str, most: int) -> st.SearchStrategy[Money]:
    return st.integers(0, most).map(lambda minor: Money(minor, currency))


@st.composite
def roundings(draw: st.DrawFn, code: str) -> Rounding:
    step = st.sampled_from(STEPS[code])
    own = draw(st.dictionaries(st.sampled_from(Component), modes, max_size=2))
    return Rounding(
        draw(step),
        draw(modes),
        draw(step),
        draw(modes),
        draw(step),
        draw(modes),
        draw(st.booleans()),
        tuple(own.items()),
    )


@st.composite
def profiles(draw: st.DrawFn) -> MarketProfile:
    code = draw(st.sampled_from(CODES))
    return market(code).with_choices(
        ShopChoices(profit_percent=draw(st.none() | percents), rounding=draw(st.none() | roundings(code)))
    )


@st.composite
def rates(draw: st.DrawFn, profile: MarketProfile) -> Rate:
    return Rate(
        Metal.GOLD,
        draw(st.decimals(1, 10_000_000, places=4)),
        profile.currency,
        draw(st.sampled_from(WeightUnit)),
        draw(st.sampled_from(FINENESSES)),
        profile.code,
        AT,
        "manual",
    )


@st.composite
def makings(draw: st.DrawFn) -> Making:
    kind = draw(st.sampled_from(MakingKind))
    places = {MakingKind.GOLD: 3, MakingKind.MILYEM: 1}.get(kind, 2)
    return Making(kind, draw(st.decimals(0, 200, places=places)) if kind is not MakingKind.NONE else Decimal(0))


@st.composite
def pieces(draw: st.DrawFn, currency: str) -> Piece:
    net, stones = draw(st.integers(1, 500_000)), draw(st.integers(0, 5_000))
    unit = 10 ** DECIMALS[currency]
    return Piece(
        Metal.GOLD,
        draw(st.sampled_from(FINENESSES)),
        Weight(net + stones),
        Weight(stones),
        draw(makings()),
        draw(st.just(Decimal(0)) | st.decimals(0, 30, places=2)),
        tuple(
            Stone(
                "Ruby",
                draw(st.decimals(0, 5, places=3)),
                draw(st.decimals(0, 1000, places=2)),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
        tuple(Extra("Clasp", draw(amounts(currency, 500 * unit))) for _ in range(draw(st.integers(0, 2)))),
    )


@st.composite
def discounts(draw: st.DrawFn, currency: str) -> Discount:
    """Small amounts, so that most are allowed."""
    if draw(st.booleans()):
        return Discount(percent=draw(percents))
    return Discount(amount=draw(amounts(currency, 1000)))


@st.composite
def lines(draw: st.DrawFn, profile: MarketProfile) -> CartLine:
    return CartLine(
        draw(st.sampled_from("abc")),
        draw(pieces(profile.currency)),
        draw(st.integers(1, 5)),
        draw(st.sampled_from((Supply.NEW, Supply.NEW, Supply.INVESTMENT, Supply.JOB_WORK))),
        draw(st.none() | discounts(profile.currency)),
        rules=draw(st.just(RuleOutcome()) | percents.map(lambda percent: RuleOutcome(profit_percent=percent))),
    )


@st.composite
def olds(draw: st.DrawFn) -> OldMetal:
    return OldMetal(
        draw(st.sampled_from("xyz")),
        Metal.GOLD,
        Weight(draw(st.integers(1, 100_000))),
        draw(st.sampled_from(FINENESSES)),
        less_percent=draw(st.none() | percents),
    )
