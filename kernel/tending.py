"""What whoever runs the installation does with a job: try it again, drop it, or stop it while it runs.

Each is done in the shop's own context, on the locked row. A job that is being done is locked by its worker.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Row, func, select, update
from sqlalchemy.exc import DBAPIError

from kernel.errors import Conflict, NotFound
from kernel.i18n import _, speaking
from kernel.outbox import OPEN
from kernel.tables import long_work, outbox
from kernel.uow import UnitOfWork
from kernel.work import WorkState

#: What did not end well, and may be tried once more.
ENDED_BADLY = ("dead", "skipped", "dropped")
#: How long whoever cancels waits for the step at hand to end.
PATIENCE = "2s"


class NothingToRepeat(Conflict):
    def __init__(self) -> None:
        super().__init__(_("It has not failed, or somebody has tried it again already."))


class NothingToDrop(Conflict):
    def __init__(self) -> None:
        super().__init__(_("It has ended meanwhile: there is nothing to drop."))


class HasBegun(Conflict):
    def __init__(self) -> None:
        super().__init__(_("It has just begun. Wait until it has ended, or stop it."))


class CannotStop(Conflict):
    def __init__(self) -> None:
        super().__init__(_("It is in the middle of something that is done whole or not at all, and ends by itself."))


def retry(uow: UnitOfWork, job: UUID) -> str:
    """Begin it once more, with all its tries. Answers its name; raises NothingToRepeat, HasBegun, NotFound."""
    row = _free(uow, job)
    if row.state not in ENDED_BADLY:
        raise NothingToRepeat
    fresh = {"state": "waiting", "run_at": uow.now, "sent_at": None, "ended_at": None, "error": "", "tries": 0}
    _change(uow, job, **fresh, took_ms=0)
    again = {"state": WorkState.WAITING, "ended_at": None, "seen_at": None, "sentence": "", "told_at": uow.now}
    _tell_who_waits(uow, job, (WorkState.FAILED, WorkState.STOPPED), again)
    return str(row.name)


def drop(uow: UnitOfWork, job: UUID) -> str:
    """It will not be done. Answers its name; raises NothingToDrop, HasBegun, NotFound."""
    row = _free(uow, job)
    if row.state not in (*OPEN, "dead"):
        raise NothingToDrop
    _end(uow, job)
    return str(row.name)


def cancel(uow: UnitOfWork, job: UUID) -> str:
    """Stop what is being done: at its next report, or after the step at hand.

    Answers its name; raises CannotStop, NothingToDrop, NotFound.
    """
    if _stop_politely(uow, job):
        return _name(uow, job)
    row = _waited_for(uow, job)
    if row.state not in OPEN:
        raise NothingToDrop
    _end(uow, job)
    return str(row.name)


def _stop_politely(uow: UnitOfWork, job: UUID) -> bool:
    """The worker's next report finds that nobody wants it any more (`kernel/work.py`)."""
    stoppable = (long_work.c.id == job) & long_work.c.may_stop & long_work.c.state.in_(_STILL)
    with speaking(uow.shop.language):
        sentence = _("Stopped by whoever runs this system.")
    ended = {"state": WorkState.STOPPED, "ended_at": uow.now, "sentence": sentence}
    stopped = uow.execute(update(long_work).where(stoppable).values(ended)).rowcount == 1
    if stopped:
        uow.signal("work")
        uow.signal_platform("jobs")
    return stopped


def _free(uow: UnitOfWork, job: UUID) -> Row[Any]:
    """The row, locked. A worker that is at it does not wait for us, nor we for it."""
    wanted = select(outbox.c.state, outbox.c.name).where(outbox.c.id == job)
    row = uow.execute(wanted.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        _name(uow, job)
        raise HasBegun
    return row


def _waited_for(uow: UnitOfWork, job: UUID) -> Row[Any]:
    """The row, locked as soon as its worker lets go of it between two steps."""
    uow.execute(select(func.set_config("lock_timeout", PATIENCE, True)))
    try:
        wanted = select(outbox.c.state, outbox.c.name).where(outbox.c.id == job)
        row = uow.execute(wanted.with_for_update()).one_or_none()
    except DBAPIError as refused:
        if isinstance(refused.orig, psycopg.errors.LockNotAvailable):
            raise CannotStop from refused
        raise
    if row is None:
        raise _missing()
    return row


def _name(uow: UnitOfWork, job: UUID) -> str:
    name = uow.execute(select(outbox.c.name).where(outbox.c.id == job)).scalar_one_or_none()
    if name is None:
        raise _missing()
    return str(name)


def _missing() -> NotFound:
    return NotFound(_("There is no such job."))


def _end(uow: UnitOfWork, job: UUID) -> None:
    _change(uow, job, state="dropped", ended_at=uow.now)
    with speaking(uow.shop.language):
        sentence = _("Taken away by whoever runs this system.")
    ended = {"state": WorkState.FAILED, "ended_at": uow.now, "sentence": sentence}
    _tell_who_waits(uow, job, _STILL, ended)


def _change(uow: UnitOfWork, job: UUID, **values: Any) -> None:
    uow.execute(update(outbox).where(outbox.c.id == job).values(values))
    uow.signal_platform("jobs")


def _tell_who_waits(uow: UnitOfWork, job: UUID, states: tuple[WorkState, ...], values: dict[str, Any]) -> None:
    waited_for = (long_work.c.id == job) & long_work.c.state.in_(states)
    if uow.execute(update(long_work).where(waited_for).values(values)).rowcount:
        uow.signal("work")


_STILL = (WorkState.WAITING, WorkState.RUNNING)
