"""The platform's pages of plans."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.money import DECIMALS, Money
from kernel.plans import Plan
from kernel.plugins import Plugins
from kernel.uow import Database, PlatformWork
from plugins.tenants.actions import archive_plan as archiving
from plugins.tenants.actions.add_plan import add_plan
from plugins.tenants.actions.edit_plan import edit_plan
from plugins.tenants.domain.plan import LIMITS
from plugins.tenants.forms import NewPlanForm, PlanTermsForm
from plugins.tenants.pages.words import cycles
from plugins.tenants.permissions import EDIT_PLANS, SEE_SHOPS
from plugins.tenants.queries import plans as queries
from web.render import page
from web.routing import get, post, redirect

#: What the form of a new plan begins with.
_EMPTY = Plan("", "", frozenset(), {}, Money(0, "USD"))


@get("/platform/plans", platform=True, permission=SEE_SHOPS)
def list_plans(request: Request, work: PlatformWork) -> Response:
    return page(
        request,
        "tenants/plans.html",
        plans=queries.plans(work),
        shops=queries.shops_on(work),
        cycles=cycles(),
        limits=_limits(),
        may_edit=work.actor.may(EDIT_PLANS.name),
    )


@get("/platform/plans/new", platform=True, permission=EDIT_PLANS)
def new_plan(request: Request, work: PlatformWork, database: Database) -> Response:
    return _form(request, database.plugins, _EMPTY, shops=0)


@post("/platform/plans", form=NewPlanForm, platform=True, permission=EDIT_PLANS, again=new_plan)
def make_plan(request: Request, work: PlatformWork, database: Database, form: NewPlanForm) -> Response:
    plan = add_plan(work, database.plugins, form)
    return redirect("/platform/plans", say=_("Shops can be put on “{plan}” now.").format(plan=plan.title))


@get("/platform/plans/{plan}", platform=True, permission=EDIT_PLANS)
def show_plan(request: Request, work: PlatformWork, database: Database, plan: str) -> Response:
    return _form(request, database.plugins, queries.plan(work, plan), shops=queries.shops_on(work).get(plan, 0))


@post(
    "/platform/plans/{plan}", form=PlanTermsForm, platform=True, permission=EDIT_PLANS, again=show_plan, sensitive=True
)
def change_plan(request: Request, work: PlatformWork, database: Database, plan: str, form: PlanTermsForm) -> Response:
    edit_plan(work, database.plugins, plan, form)
    return redirect("/platform/plans", say=_("Saved. Its shops have it with their next click."))


@post("/platform/plans/{plan}/archive", platform=True, permission=EDIT_PLANS, again=show_plan, sensitive=True)
def archive(request: Request, work: PlatformWork, plan: str) -> Response:
    archiving.archive_plan(work, plan)
    return redirect("/platform/plans", say=_("The plan takes no new shops. Those on it keep it."))


@post("/platform/plans/{plan}/offer", platform=True, permission=EDIT_PLANS, again=show_plan)
def offer_again(request: Request, work: PlatformWork, plan: str) -> Response:
    archiving.offer_plan_again(work, plan)
    return redirect("/platform/plans", say=_("Shops can be put on this plan again."))


def _form(request: Request, plugins: Plugins, plan: Plan, *, shops: int) -> Response:
    return page(
        request,
        "tenants/plan.html",
        plan=plan,
        shops=shops,
        choices=[
            (name, _(plugin.manifest.title), _(plugin.manifest.summary))
            for name, plugin in plugins.by_name.items()
            if not plugin.manifest.platform
        ],
        cycles=cycles(),
        limits=_limits(),
        currencies=[(code, code) for code in sorted(DECIMALS)],
    )


def _limits() -> dict[str, str]:
    return {name: _(words) for name, words in LIMITS.items()}
