"""Long work in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel.i18n import N_, _, ngettext
from kernel.uow import UnitOfWork
from kernel.work import LongWork, WorkState
from plugins.tasks.permissions import SEE_ALL_WORK
from web.formats import Formats

#: State → words, kind of badge, icon.
STATES = {
    WorkState.WAITING: (N_("Waiting"), "", "clock"),
    WorkState.RUNNING: (N_("Under way"), "info", "hourglass"),
    WorkState.DONE: (N_("Done"), "ok", "check"),
    WorkState.FAILED: (N_("Failed"), "bad", "circle-alert"),
    WorkState.STOPPED: (N_("Stopped"), "warn", "circle-x"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Some long work as its page and its line in the bell show it."""

    id: UUID
    title: str
    about: str
    state: WorkState
    words: str
    kind: str
    icon: str
    done: int
    total: int
    count: str
    left: str
    is_open: bool
    is_silent: bool
    may_be_stopped: bool
    may_start_again: bool
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    result: str
    sentence: str


def whose(uow: UnitOfWork) -> UUID | None:
    """Everybody's work for those who may see it; else one's own."""
    return None if uow.actor.may(SEE_ALL_WORK.name) else uow.actor.id


def shown(uow: UnitOfWork, show: Formats, work: LongWork) -> Shown:
    words, kind, icon = STATES[work.state]
    total = max(work.total, work.done)
    return Shown(
        id=work.id,
        title=_(work.title),
        about=work.about,
        state=work.state,
        words=_(words),
        kind=kind,
        icon=icon,
        done=work.done,
        total=total,
        count=_("{done} of {total}").format(done=show.number(work.done), total=show.number(total)) if total else "",
        left=_left(show, work.left(uow.now)),
        is_open=work.is_open,
        is_silent=work.is_silent(uow.now),
        may_be_stopped=work.may_be_stopped,
        may_start_again=work.may_start_again,
        begun_by=work.begun_by,
        begun_at=work.begun_at,
        ended_at=work.ended_at,
        # A result may belong to a plugin that is off by now.
        result=work.result if work.state is WorkState.DONE and work.plugin in uow.shop.plugins else "",
        sentence=work.sentence,
    )


def _left(show: Formats, left: timedelta | None) -> str:
    """No more exact than it is known."""
    if left is None:
        return ""
    seconds = left.total_seconds()
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 90:
        return _("about {seconds} seconds left").format(seconds=show.number(round(seconds / 10) * 10))
    minutes = round(seconds / 60)
    return ngettext("about {minutes} minute left", "about {minutes} minutes left", minutes).format(
        minutes=show.number(minutes)
    )
