"""Reading the pricing rules of a shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.metal import Fineness, Metal
from kernel.money import Money, RoundingMode
from kernel.uow import UnitOfWork
from plugins.pricing.domain.errors import RuleUnknown
from plugins.pricing.domain.records import thaw_decimal, thaw_making
from plugins.pricing.domain.rules import PricingRule

RULE_AS_JSON = (
    "json_build_object('id', p.id, 'name', p.name, 'metal', p.metal, 'fineness_min', p.fineness_min,"
    " 'fineness_max', p.fineness_max, 'category', p.category, 'craftsmanship', p.craftsmanship,"
    " 'branch_id', p.branch_id, 'tier', p.tier, 'making', p.making, 'profit_percent', p.profit_percent::text,"
    " 'markup_percent', p.markup_percent::text, 'price_step', p.price_step, 'price_mode', p.price_mode)"
)
_ALL = text(f"SELECT {RULE_AS_JSON} FROM shop.pricing_rules AS p ORDER BY p.name")  # noqa: S608
_ONE = text(f"SELECT {RULE_AS_JSON} FROM shop.pricing_rules AS p WHERE p.id = :id")  # noqa: S608


def all_rules(uow: UnitOfWork) -> list[PricingRule]:
    """By name."""
    return [rule_from(uow.shop.currency, each) for each in uow.execute(_ALL).scalars()]


def rule(uow: UnitOfWork, rule: UUID) -> PricingRule:
    """Raises RuleUnknown."""
    found = uow.execute(_ONE, {"id": rule}).scalar_one_or_none()
    if found is None:
        raise RuleUnknown
    return rule_from(uow.shop.currency, found)


def rule_from(currency: str, row: Mapping[str, Any]) -> PricingRule:
    step = row["price_step"]
    return PricingRule(
        row["id"],
        row["name"],
        row["metal"] and Metal(row["metal"]),
        row["fineness_min"] and Fineness(row["fineness_min"]),
        row["fineness_max"] and Fineness(row["fineness_max"]),
        row["category"],
        row["craftsmanship"],
        row["branch_id"] or "",
        row["tier"],
        thaw_making(row["making"]),
        thaw_decimal(row["profit_percent"]),
        thaw_decimal(row["markup_percent"]),
        None if step is None else Money(step, currency),
        RoundingMode(row["price_mode"]),
    )
