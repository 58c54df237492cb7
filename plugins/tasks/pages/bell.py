"""The bell: one line for everything that a plugin wants this person to hear of, and the number of what is new."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel import work
from kernel.contributions import Bell, BellLine
from kernel.i18n import _
from kernel.uow import UnitOfWork
from kernel.work import WorkState
from plugins.tasks.pages.shown import STATES
from web import bell
from web.render import page
from web.routing import get, post

MOST_LINES = 8


@get("/bell", everyone=True)
def show_bell(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "tasks/bell.html", block="lines", lines=bell.lines(uow))


@get("/bell/count", everyone=True)
def count_bell(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "tasks/bell.html", block="count", lines=(), unread=bell.count(uow))


# Also for an admin who only looks: it opens, and stays unread.
@post("/bell", everyone=True, impersonating=True)
def open_bell(request: Request, uow: UnitOfWork) -> Response:
    """The same lines, and what they say is not new any more."""
    lines = bell.lines(uow)
    bell.see(uow)
    return page(request, "tasks/bell.html", block="lines", lines=lines)


def _lines(uow: UnitOfWork) -> list[BellLine]:
    """This person's own work: that of others is at /tasks."""
    if uow.actor.id is None:
        return []
    return [_line(one) for one in work.newest(uow, of=uow.actor.id, limit=MOST_LINES)]


def _line(one: work.LongWork) -> BellLine:
    words, kind, icon = STATES[one.state]
    return BellLine(
        sentence=f"{_(one.title)}: \u2068{one.about}\u2069" if one.about else _(one.title),
        detail=one.sentence if one.state is WorkState.FAILED else "" if one.is_open else _(words),
        address=f"/tasks/{one.id}",
        icon=icon,
        kind=kind,
        at=one.ended_at or one.begun_at,
        is_new=one.seen_at is None,
        done=one.done if one.is_open else 0,
        total=max(one.total, 1) if one.is_open else 0,
    )


def _see(uow: UnitOfWork) -> None:
    if uow.actor.id is not None:
        work.see(uow, uow.actor.id)


WORK = Bell("tasks", _lines, count_sql=work.UNSEEN, see=_see)
