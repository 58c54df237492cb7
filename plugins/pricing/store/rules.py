"""Writing pricing rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, null, update

from kernel.uow import UnitOfWork, refusing
from plugins.pricing.domain.errors import RuleNameTaken
from plugins.pricing.domain.records import freeze_making
from plugins.pricing.domain.rules import PricingRule
from plugins.pricing.tables import pricing_rules


def add(uow: UnitOfWork, rule: PricingRule) -> None:
    with refusing("pricing_rules_name_key", lambda: RuleNameTaken(rule.name)):
        uow.execute(insert(pricing_rules).values(id=rule.id, **_columns(rule)))


def change(uow: UnitOfWork, rule: PricingRule) -> bool:
    with refusing("pricing_rules_name_key", lambda: RuleNameTaken(rule.name)):
        changed = update(pricing_rules).where(pricing_rules.c.id == UUID(rule.id)).values(**_columns(rule))
        return uow.execute(changed).rowcount == 1


def remove(uow: UnitOfWork, rule: UUID) -> bool:
    """Prices that were made by it keep its name in their records."""
    return uow.execute(delete(pricing_rules).where(pricing_rules.c.id == rule)).rowcount == 1


def _columns(rule: PricingRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "metal": rule.metal and rule.metal.value,
        "fineness_min": rule.fineness_min and rule.fineness_min.tenths,
        "fineness_max": rule.fineness_max and rule.fineness_max.tenths,
        "category": rule.category,
        "craftsmanship": rule.craftsmanship,
        "branch_id": UUID(rule.branch) if rule.branch else None,
        "tier": rule.tier,
        # The JSON null is a value too, and would be no missing one.
        "making": null() if rule.making is None else freeze_making(rule.making),
        "profit_percent": rule.profit_percent,
        "markup_percent": rule.markup_percent,
        "price_step": rule.price_step and rule.price_step.amount,
        "price_mode": rule.price_mode.value,
    }
