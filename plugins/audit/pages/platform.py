"""Who did what on the platform: its own trail, never a shop's."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import Database, PlatformWork
from plugins.audit import actions, store
from plugins.audit.pages.shown import FILTERS, checked, choices, exported, found, shown_entry
from plugins.audit.permissions import SEE_PLATFORM_TRAIL
from plugins.audit.ports import Keeping
from plugins.audit.queries import PLATFORM
from web.listing import Listing
from web.period import Period
from web.render import page
from web.routing import get, post, redirect

ZONE = "UTC"


@get("/platform/audit", platform=True, permission=SEE_PLATFORM_TRAIL)
def list_platform_trail(request: Request, work: PlatformWork, database: Database) -> Response:
    listing = _listing(request)
    return page(
        request,
        "audit/list.html",
        block="list",
        listing=listing,
        period=Period.of(listing.filters),
        found=found(request, work, database.plugins, PLATFORM, listing, ZONE),
        people=[],
        **checked(work, PLATFORM),
        may_keep=False,
        **choices(database.plugins, PLATFORM),
    )


@get("/platform/audit/export", platform=True, permission=SEE_PLATFORM_TRAIL)
def export_platform_trail(request: Request, work: PlatformWork, database: Database) -> Response:
    return exported(request, work, database.plugins, PLATFORM, _listing(request), ZONE)


@get("/platform/audit/{number}", platform=True, permission=SEE_PLATFORM_TRAIL)
def show_platform_entry(request: Request, work: PlatformWork, database: Database, number: int) -> Response:
    shown = shown_entry(work, database.plugins, PLATFORM, number)
    return page(request, "audit/entry.html", path="/platform/audit", **shown)


@post("/platform/audit/check", platform=True, permission=SEE_PLATFORM_TRAIL)
def check_platform_now(request: Request, work: PlatformWork, keeping: Keeping) -> Response:
    actions.check_platform(work, keeping.months)
    return redirect("/platform/audit", say=_("The trail is checked."))


@post("/platform/audit/break/seen", platform=True, permission=SEE_PLATFORM_TRAIL)
def see_platform_break(request: Request, work: PlatformWork) -> Response:
    store.see_break(work, PLATFORM)
    return redirect("/platform/audit", say=_("Noted."))


def _listing(request: Request) -> Listing:
    return Listing.of(request, sorts=("-number",), filters=FILTERS)
