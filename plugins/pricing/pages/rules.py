"""The pages of pricing rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.pricing.actions.edit_rules import add_rule, change_rule, remove_rule
from plugins.pricing.domain.explain import making_in_words
from plugins.pricing.domain.titles import METALS, ROUNDING_MODES, TIERS
from plugins.pricing.forms.rules import RuleForm
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES
from plugins.pricing.queries import rules as known
from plugins.pricing.queries.categories import categories
from web.render import page
from web.routing import get, post, redirect
from web.slots import added_at


@get("/pricing/rules", permission=SEE_RATES)
def list_rules(request: Request, uow: UnitOfWork) -> Response:
    branch_names = {str(branch.id): branch.name for branch in branches.branches(uow)}
    category_titles = {str(category.id): category.title for category in categories(uow)}
    return page(
        request,
        "pricing/rules.html",
        rules=known.all_rules(uow),
        branch_names=branch_names,
        category_titles=category_titles,
        metals=METALS,
        tiers=TIERS,
        making_in_words=making_in_words,
        may_edit=uow.actor.may(EDIT_RULES.name),
    )


@get("/pricing/rules/new", permission=EDIT_RULES)
def new_rule(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "pricing/new_rule.html", rule=None, **_choices(uow))


@post("/pricing/rules", form=RuleForm, permission=EDIT_RULES, again=new_rule)
def write_rule(request: Request, uow: UnitOfWork, form: RuleForm) -> Response:
    add_rule(uow, form)
    return redirect("/pricing/rules", say=_("The rule holds from now on."))


@get("/pricing/rules/{rule}", permission=EDIT_RULES)
def show_rule(request: Request, uow: UnitOfWork, rule: UUID) -> Response:
    found, added = known.rule(uow, rule), added_at(request, uow, "pricing.rule", rule=rule)
    return page(request, "pricing/rule.html", rule=found, added=added, **_choices(uow))


@post("/pricing/rules/{rule}", form=RuleForm, permission=EDIT_RULES, again=show_rule)
def rewrite_rule(request: Request, uow: UnitOfWork, rule: UUID, form: RuleForm) -> Response:
    change_rule(uow, rule, form)
    return redirect("/pricing/rules", say=_("Saved."))


@post("/pricing/rules/{rule}/removal", permission=EDIT_RULES)
def drop_rule(request: Request, uow: UnitOfWork, rule: UUID) -> Response:
    remove_rule(uow, rule)
    return redirect("/pricing/rules", say=_("The rule is gone. Prices that were made by it stay as they are."))


def _choices(uow: UnitOfWork) -> Mapping[str, Any]:
    return {
        "metals": [(metal.value, _(title)) for metal, title in METALS.items()],
        "categories": [(category.id, category.title) for category in categories(uow)],
        "branches": [(branch.id, branch.name) for branch in branches.branches(uow)],
        "tiers": [(tier, _(title)) for tier, title in TIERS.items()],
        "modes": [(mode.value, _(title)) for mode, title in ROUNDING_MODES.items()],
        "currency": uow.shop.currency,
    }
