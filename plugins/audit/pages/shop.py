"""Who did what in the shop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Bell, BellLine, Slot
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.audit import jobs, queries, store
from plugins.audit.domain.keeping import LEAST, MONTHS, MOST
from plugins.audit.forms import KeepingForm
from plugins.audit.pages.shown import FILTERS, checked, choices, exported, found, rows_of, shown_entry
from plugins.audit.permissions import KEEP_TRAIL, SEE_TRAIL
from plugins.audit.queries import SHOP, Wanted
from plugins.identity import public as identity
from plugins.shop.public import sections
from web.listing import Listing
from web.period import Period
from web.render import page
from web.routing import get, post, redirect
from web.view import shown_now

#: So much of what somebody did stands on their page; the rest in the trail.
NEWEST = 20


@get("/audit", permission=SEE_TRAIL)
def list_trail(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    return page(
        request,
        "audit/list.html",
        block="list",
        listing=listing,
        period=Period.of(listing.filters),
        found=found(request, uow, uow.plugins, SHOP, listing, uow.shop.zone),
        people=[(user.id, user.name) for user in identity.everybody(uow)],
        **checked(uow, SHOP),
        may_keep=uow.actor.may(KEEP_TRAIL.name),
        **choices(uow.plugins, SHOP),
    )


@get("/audit/export", permission=SEE_TRAIL)
def export_trail(request: Request, uow: UnitOfWork) -> Response:
    return exported(request, uow, uow.plugins, SHOP, _listing(request, uow), uow.shop.zone)


@get("/settings/audit", permission=KEEP_TRAIL)
def show_keeping(request: Request, uow: UnitOfWork) -> Response:
    months = uow.setting(MONTHS)
    return page(request, "audit/keeping.html", sections=sections(uow), months=months, least=LEAST, most=MOST)


@post("/settings/audit", form=KeepingForm, permission=KEEP_TRAIL, again=show_keeping, sensitive=True)
def keep_months(request: Request, uow: UnitOfWork, form: KeepingForm) -> Response:
    uow.choose(MONTHS, form.months)
    return redirect("/settings/audit", say=_("Saved."))


@get("/audit/{number}", permission=SEE_TRAIL)
def show_entry(request: Request, uow: UnitOfWork, number: int) -> Response:
    return page(request, "audit/entry.html", path="/audit", **shown_entry(uow, uow.plugins, SHOP, number))


@post("/audit/check", permission=SEE_TRAIL)
def check_now(request: Request, uow: UnitOfWork) -> Response:
    uow.begin_work(jobs.check, result="/audit")
    return redirect("/audit", say=_("The trail is being checked. The bell says when it is done."))


@post("/audit/break/seen", permission=SEE_TRAIL, impersonating=False)
def see_break(request: Request, uow: UnitOfWork) -> Response:
    store.see_break(uow, SHOP)
    return redirect("/audit", say=_("Noted."))


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("-number",), filters=FILTERS)


def _alarms(uow: UnitOfWork) -> list[BellLine]:
    """A chain that is broken, until somebody has looked at it."""
    check = queries.last_check(uow, SHOP)
    if check is None or not check.alarms:
        return []
    show = shown_now().view.formats
    if check.broken is None:
        sentence = _("Some changes are in no entry of the audit trail.")
    else:
        sentence = _("The audit trail does not hold from entry {number} on.").format(number=show.number(check.broken))
    return [BellLine(sentence, "/audit", "shield-alert", "bad")]


BELL = Bell("audit", _alarms, permission=SEE_TRAIL)


def _of_piece(uow: UnitOfWork, item: UUID) -> dict[str, Any]:
    return {"asked": f"about=items&row={item}"}


def _of_rule(uow: UnitOfWork, rule: UUID) -> dict[str, Any]:
    return {"asked": f"about=pricing_rules&row={rule}"}


def _of_person(uow: UnitOfWork, user: UUID) -> dict[str, Any]:
    """What they did last, and what an admin did in their account."""
    newest = queries.newest(uow, SHOP, Wanted(person=user), limit=NEWEST)
    return {"asked": f"person={user}", "rows": rows_of(uow, uow.plugins, SHOP, newest, shown_now().formats)}


#: The way here from the page of what it is about.
HISTORIES = [
    Slot("inventory.piece", "audit/history.html", _of_piece, SEE_TRAIL, order=900),
    Slot("pricing.rule", "audit/history.html", _of_rule, SEE_TRAIL, order=900),
    Slot("identity.user_activity", "audit/activity.html", _of_person, SEE_TRAIL, order=900),
]
