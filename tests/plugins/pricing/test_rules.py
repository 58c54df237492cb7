"""Pricing rules: the most specific one decides, and a tie is explained."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.i18n import speaking
from kernel.metal import Fineness, Metal
from kernel.money import Money, RoundingMode
from plugins.pricing.domain.rules import NO_RULES, Reason, RuleOutcome, Tie
from plugins.pricing.public import Making, MakingKind, PricingRule, Situation, decide, explain_rules

RING = Situation(
    Metal.GOLD,
    Fineness(7500),
    category=("jewellery", "rings", "engagement"),
    craftsmanship="hand",
    branch="bazaar",
    tier="vip",
)
ITALIAN = Making(MakingKind.PERCENT, Decimal(25))


def profit(id: str, percent: int, **conditions: Any) -> PricingRule:
    return PricingRule(id, f"rule {id}", profit_percent=Decimal(percent), **conditions)


def test_without_a_rule_that_fits_nothing_is_said():
    rules = [
        profit("1", 5, tier="wholesale"),
        profit("2", 5, category="necklaces"),
        profit("3", 5, branch="mall"),
        profit("4", 5, craftsmanship="cast"),
        profit("5", 5, metal=Metal.SILVER),
        profit("6", 5, fineness_min=Fineness(8750)),
        profit("7", 5, fineness_max=Fineness(5850)),
    ]
    assert decide(rules, RING) == NO_RULES


def test_a_rule_about_fineness_says_nothing_of_a_piece_without():
    assert decide([profit("1", 5, fineness_max=Fineness(9999))], Situation()) == NO_RULES


def test_a_rule_without_conditions_is_the_shops_default():
    assert decide([profit("1", 8)], RING) == RuleOutcome(
        profit_percent=Decimal(8), reasons=(Reason("profit", "1", "rule 1"),)
    )


def test_more_conditions_win():
    rules = [profit("1", 5, tier="vip"), profit("2", 9, category="rings", branch="bazaar"), profit("3", 7)]
    decided = decide(rules, RING)
    assert decided.profit_percent == 9
    assert decided.reasons == (Reason("profit", "2", "rule 2"),)


def test_each_thing_is_decided_by_the_most_specific_rule_that_speaks_of_it():
    rules = [
        PricingRule("1", "Italian", category="rings", making=ITALIAN),
        profit("2", 5, tier="vip", category="rings"),
        PricingRule("3", "Round", price_step=Money(1000, "IRT"), price_mode=RoundingMode.CEIL),
    ]
    assert decide(rules, RING) == RuleOutcome(
        making=ITALIAN,
        profit_percent=Decimal(5),
        price_step=Money(1000, "IRT"),
        price_mode=RoundingMode.CEIL,
        reasons=(
            Reason("making", "1", "Italian"),
            Reason("profit", "2", "rule 2"),
            Reason("price_step", "3", "Round"),
        ),
    )


@pytest.mark.parametrize(
    ("winner", "loser", "tie"),
    [
        ({"tier": "vip"}, {"category": "engagement"}, Tie.ORDER),
        ({"craftsmanship": "hand"}, {"branch": "bazaar"}, Tie.ORDER),
        ({"category": "engagement"}, {"category": "rings"}, Tie.NARROWER),
        (
            {"fineness_min": Fineness(7400), "fineness_max": Fineness(7600)},
            {"fineness_min": Fineness(5000)},
            Tie.NARROWER,
        ),
        ({"tier": "vip"}, {"tier": "vip"}, Tie.NEWER),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_tie_is_decided_the_same_in_any_order_and_explained(
    winner: dict[str, Any], loser: dict[str, Any], tie: Tie, turned: bool
):
    rules = [profit("2", 5, **winner), profit("1", 9, **loser)]
    decided = decide(rules[::-1] if turned else rules, RING)
    assert decided.profit_percent == 5
    assert decided.reasons == (Reason("profit", "2", "rule 2", "rule 1", tie),)


def test_reasons_are_sentences():
    with speaking("en"):
        said = explain_rules((Reason("profit", "1", "VIP"), Reason("making", "2", "Hand", "Bazaar", Tie.ORDER)))
    assert said == [
        "Profit by the rule “VIP”.",
        "Making charge by the rule “Hand”: “Bazaar” has as many conditions, but of a kind that counts after it.",
    ]


def test_a_rule_that_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="lower fineness"):
        profit("1", 5, fineness_min=Fineness(9160), fineness_max=Fineness(7500))
    with pytest.raises(ValueError, match="percentage"):
        profit("1", -1)
    with pytest.raises(ValueError, match="step"):
        PricingRule("1", "Round", price_step=Money(0, "IRT"))
