"""Faults: what broke, how often, and whether somebody has seen to it."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.uow import PlatformWork
from plugins.overview import actions, queries
from plugins.overview.permissions import MEND_FAULTS, SEE_OVERVIEW
from plugins.overview.queries import FaultRow, WantedFaults
from web.listing import Listing
from web.render import page
from web.routing import get, post, redirect

KINDS = {"page": N_("Page"), "part": N_("Part of a page"), "job": N_("Job"), "schedule": N_("Schedule")}
STATES = {"open": N_("Open"), "unseen": N_("Not seen yet"), "resolved": N_("Resolved"), "all": N_("All")}


@get("/platform/faults", platform=True, permission=SEE_OVERVIEW)
def list_faults(request: Request, work: PlatformWork) -> Response:
    listing = Listing.of(request, sorts=("-last",), filters=("text", "state", "kind"))
    state = listing.filter("state") if listing.filter("state") in STATES else "open"
    wanted = WantedFaults(listing.filter("text"), state, listing.filter("kind"), listing.offset, listing.limit)
    found = queries.list_faults(work, wanted)
    return page(
        request,
        "overview/fault_list.html",
        block="list",
        listing=listing.seen(len(found)),
        faults=[(each, *state_words(each)) for each in found[: listing.limit]],
        kinds=[(kind, _(words)) for kind, words in KINDS.items()],
        states=[(each, _(words)) for each, words in STATES.items()],
        state=state,
    )


@get("/platform/faults/{fault}", platform=True, permission=SEE_OVERVIEW)
def show_fault(request: Request, work: PlatformWork, fault: UUID) -> Response:
    found = queries.fault(work, fault)
    return page(
        request,
        "overview/fault.html",
        fault=found,
        kind=_(KINDS[found.kind]),
        state=state_words(found),
        times=queries.times_of(work, fault),
        may_mend=work.actor.may(MEND_FAULTS.name),
    )


@post("/platform/faults/{fault}/seen", platform=True, permission=MEND_FAULTS)
def see_fault(request: Request, work: PlatformWork, fault: UUID) -> Response:
    actions.see_fault(work, fault)
    return redirect(f"/platform/faults/{fault}", say=_("Noted."))


@post("/platform/faults/{fault}/resolved", platform=True, permission=MEND_FAULTS)
def resolve_fault(request: Request, work: PlatformWork, fault: UUID) -> Response:
    actions.resolve_fault(work, fault)
    return redirect("/platform/faults", say=_("Resolved. If it comes back, it stands here again."))


def state_words(fault: FaultRow) -> tuple[str, str]:
    """Words and kind of its badge."""
    if fault.resolved_at:
        return _("Resolved"), "ok"
    return (_("Seen"), "warn") if fault.seen_at else (_("New"), "bad")
