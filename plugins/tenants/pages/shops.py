"""The platform's pages of shops."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Found
from kernel.i18n import N_, _
from kernel.money import DECIMALS
from kernel.plans import Plan
from kernel.tenancy import ShopState, TenantId
from kernel.uow import Database, PlatformWork
from plugins.pricing import public as pricing
from plugins.tenants.actions import suspend as suspending
from plugins.tenants.actions import switch_plugin as switching
from plugins.tenants.actions.change_plan import change_plan
from plugins.tenants.actions.create_shop import create_shop
from plugins.tenants.domain import LIMITS, SERVING
from plugins.tenants.forms import NewShopForm, PlanForm, SuspensionForm
from plugins.tenants.permissions import EDIT_SHOPS, SEE_SHOPS
from plugins.tenants.queries import plans as plan_queries
from plugins.tenants.queries import shops as queries
from plugins.tenants.queries.shops import Wanted
from web.listing import Listing
from web.render import LANGUAGES, page
from web.routing import get, post, redirect

STATES = {
    ShopState.TRIAL: N_("On trial"),
    ShopState.ACTIVE: N_("Active"),
    ShopState.PAST_DUE: N_("Past due"),
    ShopState.SUSPENDED: N_("Suspended"),
    ShopState.PENDING_DELETION: N_("To be deleted"),
    ShopState.DELETED: N_("Deleted"),
}


@get("/platform/shops", platform=True, permission=SEE_SHOPS)
def list_shops(request: Request, work: PlatformWork) -> Response:
    listing = Listing.of(request, sorts=("-created", "name", "slug"), filters=("text", "state", "plan"))
    found = queries.shops(
        work,
        Wanted(
            text=listing.filter("text"),
            state=listing.filter("state"),
            plan=listing.filter("plan"),
            sort=listing.sort,
            descending=listing.descending,
            offset=listing.offset,
            limit=listing.limit,
        ),
    )
    return page(
        request,
        "tenants/shops.html",
        block="list",
        listing=listing.counted(found.total),
        shops=found.rows,
        states=_states(),
        plans=_titles(plan_queries.plans(work)),
        markets=_markets(),
    )


def find_shops(work: PlatformWork, text: str, limit: int) -> list[Found]:
    """In the search of the platform's pages."""
    found = queries.shops(work, Wanted(text=text, limit=limit)).rows
    return [
        Found(each.name, (each.slug, _(STATES[each.state])), f"/platform/shops/{each.id}", "store") for each in found
    ]


@get("/platform/shops/new", platform=True, permission=EDIT_SHOPS)
def new_shop(request: Request, work: PlatformWork) -> Response:
    return page(
        request,
        "tenants/new_shop.html",
        plans=[(plan.name, _(plan.title)) for plan in plan_queries.plans(work) if not plan.archived],
        markets=list(_markets().items()),
        currencies=[(code, code) for code in sorted(DECIMALS)],
        languages=LANGUAGES,
    )


@post("/platform/shops", form=NewShopForm, platform=True, permission=EDIT_SHOPS, again=new_shop)
def open_shop(request: Request, work: PlatformWork, database: Database, form: NewShopForm) -> Response:
    # A page and no redirect: the owner's password to begin with is shown this once and kept nowhere.
    return page(request, "tenants/shop_opened.html", opened=create_shop(database, work.actor, form))


@get("/platform/shops/{shop}", platform=True, permission=SEE_SHOPS)
def show_shop(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        used = queries.used(uow)
        plugins = queries.plugin_states(uow)
    plans = plan_queries.plans(work)
    return page(
        request,
        "tenants/shop.html",
        shop=uow.shop,
        suspension=queries.suspension(work, shop),
        may_suspend=uow.shop.state in SERVING,
        states=_states(),
        plans=_titles(plan for plan in plans if not plan.archived or plan.name == uow.shop.plan),
        markets=_markets(),
        used=[(_(LIMITS.get(name, name)), count, uow.shop.limits[name]) for name, count in used.items()],
        plugins=plugins,
        may_edit=work.actor.may(EDIT_SHOPS.name),
    )


@post("/platform/shops/{shop}/plugins/{plugin}/on", platform=True, permission=EDIT_SHOPS, again=show_shop)
def switch_on(request: Request, work: PlatformWork, database: Database, shop: UUID, plugin: str) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        fresh = switching.switch_on(uow, plugin)
    titles = _(", ").join(_(database.plugins.by_name[name].manifest.title) for name in fresh)
    return redirect(f"/platform/shops/{shop}", say=_("Switched on: {plugins}.").format(plugins=titles or "–"))


@post("/platform/shops/{shop}/plugins/{plugin}/off", platform=True, permission=EDIT_SHOPS, again=show_shop)
def switch_off(request: Request, work: PlatformWork, database: Database, shop: UUID, plugin: str) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        switching.switch_off(uow, plugin)
    title = _(database.plugins.by_name[plugin].manifest.title)
    return redirect(f"/platform/shops/{shop}", say=_("Switched off: {plugin}. Its data stays.").format(plugin=title))


@post("/platform/shops/{shop}/plan", form=PlanForm, platform=True, permission=EDIT_SHOPS, again=show_shop)
def put_on_plan(request: Request, work: PlatformWork, database: Database, shop: UUID, form: PlanForm) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        change_plan(uow, form)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is on another plan."))


@get("/platform/shops/{shop}/suspension", platform=True, permission=EDIT_SHOPS)
def ask_why_suspending(request: Request, work: PlatformWork, shop: UUID) -> Response:
    return page(request, "tenants/suspension.html", shop=queries.shop(work, shop))


@post(
    "/platform/shops/{shop}/suspension",
    form=SuspensionForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=ask_why_suspending,
)
def suspend(request: Request, work: PlatformWork, shop: UUID, form: SuspensionForm) -> Response:
    suspending.suspend(work, shop, form)
    return redirect(f"/platform/shops/{shop}", say=_("The shop is suspended: it can be read, and nothing changed."))


@post("/platform/shops/{shop}/reactivation", platform=True, permission=EDIT_SHOPS, again=show_shop)
def reactivate(request: Request, work: PlatformWork, shop: UUID) -> Response:
    suspending.reactivate(work, shop)
    return redirect(f"/platform/shops/{shop}", say=_("The shop works again."))


def _states() -> dict[str, str]:
    return {state.value: _(words) for state, words in STATES.items()}


def _markets() -> dict[str, str]:
    return {code: _(pricing.market(code).name) for code in pricing.market_codes()}


def _titles(plans: Iterable[Plan]) -> dict[str, str]:
    return {plan.name: _(plan.title) for plan in plans}
