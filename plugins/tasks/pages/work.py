"""Long work: the list of it, and each with its bar, its end, and what one may do about it."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel import work
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.tasks.pages.shown import shown, whose
from web.listing import Listing
from web.render import formats, page
from web.routing import get, post, redirect


@get("/tasks", everyone=True)
def list_work(request: Request, uow: UnitOfWork) -> Response:
    of, show = whose(uow), formats(request)
    listing = Listing.of(request, sorts=("begun",)).counted(work.count(uow, of=of))
    found = work.newest(uow, of=of, limit=listing.limit, offset=listing.offset)
    return page(
        request,
        "tasks/list.html",
        block="list",
        listing=listing,
        rows=[shown(uow, show, one) for one in found],
        of_everybody=of is None,
    )


@get("/tasks/{work_id}", everyone=True)
def show_work(request: Request, uow: UnitOfWork, work_id: UUID) -> Response:
    found = work.one(uow, work_id, of=whose(uow))
    return page(request, "tasks/work.html", block="work", work=shown(uow, formats(request), found))


@post("/tasks/{work_id}/stop", everyone=True)
def stop_work(request: Request, uow: UnitOfWork, work_id: UUID) -> Response:
    stopped = work.stop(uow, work_id, of=whose(uow))
    return redirect(f"/tasks/{stopped.id}")


@post("/tasks/{work_id}/again", everyone=True)
def start_work_again(request: Request, uow: UnitOfWork, work_id: UUID) -> Response:
    begun = work.start_again(uow, work_id, of=whose(uow))
    return redirect(f"/tasks/{begun.id}", say=_("The work begins again."))
