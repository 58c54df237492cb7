"""Pricing rules for programs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.metal import Fineness
from kernel.uow import UnitOfWork
from plugins.pricing.actions.edit_rules import add_rule, change_rule, remove_rule
from plugins.pricing.domain.rules import PricingRule
from plugins.pricing.forms.rules import RuleForm
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES
from plugins.pricing.queries.rules import all_rules
from plugins.pricing.queries.rules import rule as known_rule
from web.cursors import PageQuery, page_of
from web.routing import delete, get, post, put


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule as it may be sent back; what is null does not matter, or is not decided."""

    id: str
    name: str
    metal: str | None
    fineness_min: str | None
    fineness_max: str | None
    category: str | None
    craftsmanship: str
    branch: str | None
    tier: str
    making: str | None
    profit_percent: str | None
    markup_percent: str | None
    price_step: str | None
    price_mode: str


@dataclass(frozen=True, slots=True)
class RulesAnswer:
    rules: list[RuleAnswer]
    next: str | None


@get("/api/v1/pricing/rules", permission=SEE_RATES, query=PageQuery, answers=RulesAnswer)
def api_list_rules(request: Request, uow: UnitOfWork, query: PageQuery) -> RulesAnswer:
    """The shop's pricing rules, by name."""
    shown, following = page_of(all_rules(uow), query, lambda rule: (rule.name, rule.id))
    return RulesAnswer([_answer(rule) for rule in shown], following)


@post("/api/v1/pricing/rules", form=RuleForm, permission=EDIT_RULES, answers=RuleAnswer, status=201)
def api_add_rule(request: Request, uow: UnitOfWork, form: RuleForm) -> RuleAnswer:
    """Write a rule."""
    return _answer(add_rule(uow, form))


@get("/api/v1/pricing/rules/{rule}", permission=SEE_RATES, answers=RuleAnswer)
def api_show_rule(request: Request, uow: UnitOfWork, rule: UUID) -> RuleAnswer:
    """One rule."""
    return _answer(known_rule(uow, rule))


@put("/api/v1/pricing/rules/{rule}", form=RuleForm, permission=EDIT_RULES, answers=RuleAnswer)
def api_change_rule(request: Request, uow: UnitOfWork, rule: UUID, form: RuleForm) -> RuleAnswer:
    """Write a rule anew."""
    return _answer(change_rule(uow, rule, form))


@delete("/api/v1/pricing/rules/{rule}", permission=EDIT_RULES, status=204)
def api_remove_rule(request: Request, uow: UnitOfWork, rule: UUID) -> Response:
    """Remove a rule; prices that were made by it stay as they are."""
    remove_rule(uow, rule)
    return Response(status_code=204)


def _answer(rule: PricingRule) -> RuleAnswer:
    return RuleAnswer(
        rule.id,
        rule.name,
        rule.metal and rule.metal.value,
        _written(rule.fineness_min),
        _written(rule.fineness_max),
        rule.category or None,
        rule.craftsmanship,
        rule.branch or None,
        rule.tier,
        None if rule.making is None else rule.making.written,
        _text(rule.profit_percent),
        _text(rule.markup_percent),
        None if rule.price_step is None else _text(rule.price_step.decimal),
        rule.price_mode.value,
    )


def _written(fineness: Fineness | None) -> str | None:
    return None if fineness is None else str(fineness)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
