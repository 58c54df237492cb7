"""What a shop was told: on top of its pages, in the bell, on Today, and on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Bell, BellLine, Slot, Widget
from kernel.i18n import N_, _, language
from kernel.uow import UnitOfWork
from plugins.announcements import actions, queries
from plugins.announcements.domain import Read, Severity
from plugins.announcements.forms import AcknowledgementForm
from plugins.announcements.pages.shown import SEVERITIES
from web.render import page
from web.routing import get, is_ours, post, redirect


@get("/announcements", everyone=True)
def show_announcements(request: Request, uow: UnitOfWork) -> Response:
    told = queries.lately(uow)
    read = queries.reads(uow, told)
    return page(
        request,
        "announcements/told.html",
        rows=[(said, said.in_language(language()), read.get(said.id, Read()), said.is_live(uow.now)) for said in told],
        severities=SEVERITIES,
        may_read=queries.is_persons(uow),
        has_new=queries.is_persons(uow) and any(said.id not in read for said in told),
    )


@post("/announcements/seen", everyone=True, own=True)
def see_announcements(request: Request, uow: UnitOfWork) -> Response:
    actions.see(uow)
    return redirect("/announcements")


@post("/announcements/{announcement}/acknowledgement", form=AcknowledgementForm, everyone=True, own=True)
def acknowledge(request: Request, uow: UnitOfWork, announcement: UUID, form: AcknowledgementForm) -> Response:
    actions.acknowledge(uow, announcement)
    return redirect(form.next if is_ours(form.next) else "/announcements")


def _banner(uow: UnitOfWork) -> Mapping[str, Any] | None:
    _new, critical = queries.unread(uow)
    if not critical:
        return None
    return {
        "rows": [(said, said.in_language(language())) for said in critical],
        "may_read": queries.is_persons(uow),
    }


def _notice(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """What is critical stands on top of every page already."""
    new, _critical = queries.unread(uow)
    rows = [said for said in new if said.severity is not Severity.CRITICAL]
    if not rows:
        return None
    return {"rows": [(said, said.in_language(language()), SEVERITIES[said.severity]) for said in rows]}


def _lines(uow: UnitOfWork) -> list[BellLine]:
    new, _critical = queries.unread(uow)
    fresh = {said.id for said in new}
    return [
        BellLine(
            said.in_language(language()).title,
            f"/announcements#a{said.id}",
            SEVERITIES[said.severity][2],
            SEVERITIES[said.severity][1],
            _(SEVERITIES[said.severity][0]),
            said.begins_at,
            is_new=said.id in fresh,
        )
        for said in queries.live(uow)
    ]


def _count(uow: UnitOfWork) -> int:
    return len(queries.unread(uow)[0])


BANNER = Slot("frame.banner", "announcements/_banner.html", _banner, None, order=10)
BELL = Bell("announcements", _lines, count=_count, see=actions.see)
NOTICE = Widget(
    "announcements.new", N_("Announcements"), "announcements/_notice.html", _notice, None, order=5, size="notice"
)
