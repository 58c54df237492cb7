"""What one shop has beside its plan, and another plan: each shows first what it brings and what goes.

The rows are the shop's, and so is the trail that notes them; the platform's own trail is told beside it.
"""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.tenancy import TenantId
from kernel.uow import Database, PlatformWork
from plugins.tenants.actions import grant_limit as granting
from plugins.tenants.actions import switch_plugin as switching
from plugins.tenants.actions.change_plan import change_plan
from plugins.tenants.domain.plan import LIMITS
from plugins.tenants.forms import GrantForm, LimitForm, PlanForm, PlanQuery
from plugins.tenants.pages.shop import show_subscription
from plugins.tenants.pages.words import cycles, titles
from plugins.tenants.permissions import EDIT_SHOPS
from plugins.tenants.queries import plans as plan_queries
from plugins.tenants.queries.brings import brings
from plugins.tenants.queries.changes import of_plan
from web.render import page
from web.routing import get, post, redirect


@get("/platform/shops/{shop}/plugins/{plugin}", platform=True, permission=EDIT_SHOPS)
def preview_plugin(request: Request, work: PlatformWork, database: Database, shop: UUID, plugin: str) -> Response:
    plugins = database.plugins
    if plugin not in plugins.by_name or plugins.by_name[plugin].manifest.platform:
        raise NotFound
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        coming = switching.coming(uow, plugin)
        needing = plugins.needing(plugin, uow.shop.plugins)
        in_plan = plan_queries.plan(uow, uow.shop.plan).plugins
    return page(
        request,
        "tenants/plugin.html",
        shop=uow.shop,
        is_on=plugin in uow.shop.plugins,
        plugin=brings(plugins, plugin),
        coming=[brings(plugins, name) for name in coming],
        needing=[_(plugins.by_name[name].manifest.title) for name in needing],
        in_plan=in_plan,
    )


@post(
    "/platform/shops/{shop}/plugins/{plugin}/on",
    form=GrantForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=preview_plugin,
)
def switch_on(
    request: Request, work: PlatformWork, database: Database, shop: UUID, plugin: str, form: GrantForm
) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        fresh = switching.switch_on(uow, plugin, form)
    work.record("tenants.switch_on", shop=str(shop), plugin=plugin, also=[name for name in fresh if name != plugin])
    names = _(", ").join(_(database.plugins.by_name[name].manifest.title) for name in fresh)
    return redirect(f"/platform/shops/{shop}/plugins", say=_("Switched on: {plugins}.").format(plugins=names or "–"))


@post(
    "/platform/shops/{shop}/plugins/{plugin}/off",
    form=GrantForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=preview_plugin,
    sensitive=True,
)
def switch_off(
    request: Request, work: PlatformWork, database: Database, shop: UUID, plugin: str, form: GrantForm
) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        switching.switch_off(uow, plugin, form)
    work.record("tenants.switch_off", shop=str(shop), plugin=plugin)
    title = _(database.plugins.by_name[plugin].manifest.title)
    said = _("Switched off: {plugin}. Its data stays.").format(plugin=title)
    return redirect(f"/platform/shops/{shop}/plugins", say=said)


@post("/platform/shops/{shop}/limits", form=LimitForm, platform=True, permission=EDIT_SHOPS, again=show_subscription)
def grant_limit(request: Request, work: PlatformWork, database: Database, shop: UUID, form: LimitForm) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        granting.grant_limit(uow, form)
    work.record("tenants.grant_limit", shop=str(shop), limit=form.limit)
    return redirect(f"/platform/shops/{shop}/subscription", say=_("The shop has its own limit now."))


@post("/platform/shops/{shop}/overrides/{override}/end", platform=True, permission=EDIT_SHOPS)
def end_override(request: Request, work: PlatformWork, database: Database, shop: UUID, override: UUID) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        granting.end_override(uow, override)
    work.record("tenants.end_override", shop=str(shop), override=str(override))
    return redirect(f"/platform/shops/{shop}/subscription", say=_("Ended. The shop has what its plan says."))


@get("/platform/shops/{shop}/plan", platform=True, permission=EDIT_SHOPS, query=PlanQuery)
def preview_plan(
    request: Request, work: PlatformWork, database: Database, shop: UUID, query: PlanQuery | None = None
) -> Response:
    """With what is over its limits and which plugins go; nothing of it is lost."""
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        wanted = query.plan if query and query.plan else uow.shop.plan
        change = of_plan(uow, plan_queries.plan(uow, wanted))
    named = {name: _(plugin.manifest.title) for name, plugin in database.plugins.by_name.items()}
    return page(
        request,
        "tenants/plan_change.html",
        shop=uow.shop,
        change=change,
        cycles=cycles(),
        plans=titles(plan_queries.plans(work)),
        limits={name: _(words) for name, words in LIMITS.items()},
        coming=[named[name] for name in change.coming],
        going=[named[name] for name in change.going],
    )


@post(
    "/platform/shops/{shop}/plan",
    form=PlanForm,
    platform=True,
    permission=EDIT_SHOPS,
    again=show_subscription,
    sensitive=True,
)
def put_on_plan(request: Request, work: PlatformWork, database: Database, shop: UUID, form: PlanForm) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        change_plan(uow, form)
    work.record("tenants.put_on_plan", shop=str(shop), plan=form.plan)
    return redirect(f"/platform/shops/{shop}/subscription", say=_("The shop is on another plan."))
