"""Long work: a job that somebody waits for, and may leave and find again.

It begins in the transaction that starts the job:

    uow.begin_work(enter_import, about="pieces.csv", result=f"/inventory/imports/{id}", import_id=str(id))

and is shown in the bell and at `/tasks/{id}` from then on: in the language of whoever looks, with what `about` names, a
bar, the time left, and at the end a link to `result`. The job itself says how far it is, in one of two ways:

- it returns a `Step`: what is done so far commits together with its progress;
- it calls `uow.report(done, total)` as often as it likes. That is written in short transactions of its own, so that it
  is seen while the job's transaction, which will commit all or nothing, is still open. In a request nobody listens, so
  an action that reports may be called there, too.

A job that makes a file (labels, an export) keeps it in a row of its own, whose address is the `result` it began with.

A worker that is killed leaves its work to the next one: it starts again where its last commit was, and the bar says so.
A refusal (`RuleBroken` and its like) ends the work with its sentence at once; a fault ends it after the job's tries.
Whoever began it, and whoever may see everybody's, may start failed work again, and stop what `@job(may_stop=True)`
allows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, delete, func, literal, select, tuple_, update

from kernel.errors import Conflict, GoldsmithError, NotFound
from kernel.i18n import _
from kernel.tables import long_work, outbox
from kernel.tenancy import TenantId, system
from kernel.uow import Database, UnitOfWork

#: A page that shows progress need not be told more often.
REPORT_EVERY_S = 0.4
#: What has ended is listed for so long.
KEPT = timedelta(days=30)
#: Without news for so long, a worker has probably been killed; another one goes on after the outbox's lease.
SILENT = timedelta(seconds=75)


class WorkState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_open(self) -> bool:
        return self in (WorkState.WAITING, WorkState.RUNNING)


@dataclass(frozen=True, slots=True)
class LongWork:
    """Some long work as its page shows it. `title` is in the language of the code: translate it for who looks."""

    id: UUID
    plugin: str
    title: str
    about: str
    state: WorkState
    done: int
    total: int
    may_stop: bool
    begun_at: datetime
    begun_by: str
    person: UUID | None
    started_at: datetime | None
    started_done: int
    told_at: datetime
    ended_at: datetime | None
    seen_at: datetime | None
    result: str
    sentence: str

    @property
    def is_open(self) -> bool:
        return self.state.is_open

    @property
    def may_be_stopped(self) -> bool:
        return self.is_open and self.may_stop

    @property
    def may_start_again(self) -> bool:
        return self.state in (WorkState.FAILED, WorkState.STOPPED)

    def is_silent(self, now: datetime) -> bool:
        """Running, and nothing was heard of it for longer than is usual."""
        return self.state is WorkState.RUNNING and now - self.told_at > SILENT

    def left(self, now: datetime) -> timedelta | None:
        """The time left at the pace of this try; None before there is a pace."""
        if self.state is not WorkState.RUNNING or self.started_at is None:
            return None
        paced = self.done - self.started_done
        if paced <= 0 or self.total <= self.done:
            return None
        return (self.told_at - self.started_at) * ((self.total - self.done) / paced) - (now - self.told_at)


class Stopped(Exception):
    """The person who began the work does not want it any more: undo what this step did, and do not try again."""


class StillStopping(Conflict):
    def __init__(self) -> None:
        super().__init__(_("The work is just coming to a stop. Please try again in a moment."))


# What people see and do


def one(uow: UnitOfWork, work: UUID, *, of: UUID | None = None) -> LongWork:
    """Some long work; only if it is this person's, where `of` names one. Raises NotFound."""
    row = uow.execute(select(*_shown).where(long_work.c.id == work, *_of(of))).one_or_none()
    if row is None:
        raise NotFound(_("There is no such work."))
    return _work(row)


def newest(
    uow: UnitOfWork,
    *,
    of: UUID | None = None,
    limit: int = 50,
    offset: int = 0,
    before: tuple[datetime, UUID] | None = None,
) -> list[LongWork]:
    """The shop's long work, or this person's, the newest first; `before` is where the page before ended."""
    wanted = select(*_shown).where(*_of(of)).order_by(long_work.c.begun_at.desc(), long_work.c.id.desc())
    if before is not None:
        wanted = wanted.where(tuple_(long_work.c.begun_at, long_work.c.id) < before)
    return [_work(row) for row in uow.execute(wanted.limit(limit).offset(offset))]


def count(uow: UnitOfWork, *, of: UUID | None = None) -> int:
    counted: int = uow.execute(select(func.count()).select_from(long_work).where(*_of(of))).scalar_one()
    return counted


#: How much of a person's work is under way, or has ended since they looked.
UNSEEN = "SELECT count(*) FROM shop.work WHERE person = %(person)s AND seen_at IS NULL"


def see(uow: UnitOfWork, person: UUID) -> None:
    """This person has looked at what has ended."""
    ended = (long_work.c.person == person) & long_work.c.seen_at.is_(None) & long_work.c.ended_at.is_not(None)
    uow.execute(update(long_work).where(ended).values(seen_at=uow.now))


def stop(uow: UnitOfWork, work: UUID, *, of: UUID | None = None) -> LongWork:
    """What is running hears of it with its next report; what has ended meanwhile stays as it ended."""
    stoppable = (long_work.c.id == work) & long_work.c.may_stop & long_work.c.state.in_(_OPEN)
    sentence = _("Stopped by {person}.").format(person=uow.actor.name)
    ended = {"state": WorkState.STOPPED, "ended_at": uow.now, "seen_at": uow.now, "sentence": sentence}
    uow.execute(update(long_work).where(stoppable, *_of(of)).values(ended))
    uow.signal("work")
    return one(uow, work, of=of)


def start_again(uow: UnitOfWork, work: UUID, *, of: UUID | None = None) -> LongWork:
    """Failed or stopped work once more, from its last commit on. Raises StillStopping, NotFound."""
    this = one(uow, work, of=of)
    if not this.may_start_again:
        return this
    row = uow.execute(select(outbox.c.id).where(outbox.c.id == work).with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        raise StillStopping
    uow.execute(
        update(outbox)
        .where(outbox.c.id == work)
        .values(state="waiting", run_at=uow.now, sent_at=None, ended_at=None, error="", tries=0)
    )
    again = {"state": WorkState.WAITING, "ended_at": None, "seen_at": None, "sentence": "", "told_at": uow.now}
    uow.execute(update(long_work).where(long_work.c.id == work).values(again))
    uow.signal("work")
    return one(uow, work, of=of)


def sweep(uow: UnitOfWork, before: datetime) -> int:
    """Forget what ended before, or was never begun since."""
    old = case((long_work.c.ended_at.is_not(None), long_work.c.ended_at), else_=long_work.c.told_at) < before
    return uow.execute(delete(long_work).where(old)).rowcount


# What the worker does: `kernel/outbox.py` calls these


def reporter(database: Database, tenant: TenantId, work: UUID) -> Callable[[int, int], None]:
    """What `uow.report` calls: progress in a transaction of its own, not too often."""
    told = -REPORT_EVERY_S

    def report(done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < REPORT_EVERY_S:
            return
        told = now
        with database.for_shop(tenant, system("worker")) as uow:
            go_on(uow, work, done, total)

    return report


def start(database: Database, tenant: TenantId, work: UUID, done: int, total: int) -> None:
    """A worker begins, or begins again from what was done when the last one was killed. Raises Stopped."""
    with database.for_shop(tenant, system("worker")) as uow:
        values = {"state": WorkState.RUNNING, "started_at": uow.now, "started_done": done, "sentence": ""}
        _change(uow, work, done=done, total=func.greatest(long_work.c.total, total), **values)


def go_on(uow: UnitOfWork, work: UUID, done: int, total: int) -> None:
    """So much is done. Raises Stopped."""
    _change(uow, work, done=done, total=total)


def wait(uow: UnitOfWork, work: UUID, sentence: str) -> None:
    """It broke off, and is tried again later: at what has been committed."""
    kept = select(outbox.c.progress_done).where(outbox.c.id == work).scalar_subquery()
    _change(uow, work, state=WorkState.WAITING, done=func.coalesce(kept, literal(0)), sentence=sentence)


def finish(uow: UnitOfWork, work: UUID) -> None:
    """All is done, in the transaction that did the last of it. Raises Stopped."""
    all_of_it = func.greatest(long_work.c.total, long_work.c.done)
    _change(uow, work, state=WorkState.DONE, done=all_of_it, total=all_of_it, ended_at=uow.now, sentence="")


def fail(uow: UnitOfWork, work: UUID, sentence: str) -> None:
    _change(uow, work, state=WorkState.FAILED, ended_at=uow.now, sentence=sentence)


def sentence_for(work: UUID, fault: Exception) -> str:
    """What the person reads: the refusal's own words, or the number under which the log has the rest."""
    if is_refusal(fault):
        return str(fault)
    return _("Something went wrong on our side. If you ask us about it, name this number: {number}").format(number=work)


def is_refusal(fault: Exception) -> bool:
    """A rule said no: to try again by itself would not help."""
    return isinstance(fault, GoldsmithError) and fault.status < 500


def _change(uow: UnitOfWork, work: UUID, **values: Any) -> None:
    mine = (long_work.c.id == work) & long_work.c.state.in_(_OPEN)
    if uow.execute(update(long_work).where(mine).values(told_at=uow.now, **values)).rowcount == 0:
        raise Stopped
    uow.signal("work")


_OPEN = (WorkState.WAITING, WorkState.RUNNING)
_shown = [column for column in long_work.c if column.name not in ("tenant_id", "language", "branches")]


def _of(person: UUID | None) -> list[Any]:
    return [] if person is None else [long_work.c.person == person]


def _work(row: Row[Any]) -> LongWork:
    return LongWork(**{**row._mapping, "state": WorkState(row.state)})
