"""Pricing rules are added, changed and removed."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.pricing.domain.errors import RuleUnknown
from plugins.pricing.domain.rules import PricingRule
from plugins.pricing.forms.rules import RuleForm
from plugins.pricing.queries.categories import categories
from plugins.pricing.store import rules


def add_rule(uow: UnitOfWork, wanted: RuleForm) -> PricingRule:
    rule = _rule(uow, str(new_id()), wanted)
    rules.add(uow, rule)
    return rule


def change_rule(uow: UnitOfWork, rule: UUID, wanted: RuleForm) -> PricingRule:
    """The rule as it is written now, still as old as it was. Raises RuleUnknown."""
    changed = _rule(uow, str(rule), wanted)
    if not rules.change(uow, changed):
        raise RuleUnknown
    return changed


def remove_rule(uow: UnitOfWork, rule: UUID) -> None:
    """Raises RuleUnknown."""
    if not rules.remove(uow, rule):
        raise RuleUnknown


def _rule(uow: UnitOfWork, id_: str, wanted: RuleForm) -> PricingRule:
    if wanted.branch is not None:
        branches.chosen(uow, wanted.branch)
    if wanted.category is not None and wanted.category not in {category.id for category in categories(uow)}:
        raise BadInput({"category": _("Please choose one from the list.")})
    return wanted.rule(id_, uow.shop.currency)
