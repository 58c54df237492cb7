"""The shops of the installation: found, opened."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Found
from kernel.i18n import _
from kernel.money import DECIMALS
from kernel.uow import Database, PlatformWork
from plugins.tenants.actions.create_shop import create_shop
from plugins.tenants.domain.states import STATES
from plugins.tenants.forms import NewShopForm
from plugins.tenants.pages.words import markets, states, titles
from plugins.tenants.permissions import EDIT_SHOPS, SEE_SHOPS
from plugins.tenants.queries.plans import plans
from plugins.tenants.queries.shops import Wanted, shops
from web.listing import Listing
from web.period import PERIOD, Period
from web.render import LANGUAGES, page
from web.routing import get, post, redirect

FILTERS = ("text", "state", "plan", "market", "plugin")


@get("/platform/shops", platform=True, permission=SEE_SHOPS)
def list_shops(request: Request, work: PlatformWork, database: Database) -> Response:
    listing = Listing.of(request, sorts=("-created", "name", "slug"), filters=(*FILTERS, *PERIOD))
    asked = {name: listing.filter(name) for name in FILTERS}
    period = Period.of(listing.filters)
    since, before = period.moments("UTC")
    found = shops(
        work,
        Wanted(
            **asked,
            since=since,
            before=before,
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
        states=states(),
        plans=titles(plans(work)),
        period=period,
        markets=markets(),
        plugins=[
            (name, _(plugin.manifest.title))
            for name, plugin in database.plugins.by_name.items()
            if not plugin.manifest.platform
        ],
        may_edit=work.actor.may(EDIT_SHOPS.name),
    )


def find_shops(work: PlatformWork, text: str, limit: int) -> list[Found]:
    """In the search of the platform's pages."""
    found = shops(work, Wanted(text=text, limit=limit)).rows
    return [
        Found(each.name, (each.slug, _(STATES[each.state])), f"/platform/shops/{each.id}", "store") for each in found
    ]


@get("/platform/shops/new", platform=True, permission=EDIT_SHOPS)
def new_shop(request: Request, work: PlatformWork) -> Response:
    return page(
        request,
        "tenants/new_shop.html",
        plans=[(plan.name, _(plan.title)) for plan in plans(work) if not plan.archived],
        markets=list(markets().items()),
        currencies=[(code, code) for code in sorted(DECIMALS)],
        languages=LANGUAGES,
    )


@post("/platform/shops", form=NewShopForm, platform=True, permission=EDIT_SHOPS, again=new_shop)
def open_shop(request: Request, work: PlatformWork, database: Database, form: NewShopForm) -> Response:
    opened = create_shop(database, work.actor, form)
    # What is put down is in the new shop's trail; the platform's own is told beside it.
    work.record("tenants.open_shop", shop=str(opened.shop.id), plan=form.plan)
    said = _("{shop} is open. The owner is invited by e-mail.").format(shop=opened.shop.name)
    return redirect(f"/platform/shops/{opened.shop.id}", say=said)
