"""From the outbox to the work: claim what is due, hand it to the queue, run it, mark it in the same transaction.

The queue is only transport. Whatever dies between two steps, the row in PostgreSQL stays, is claimed again after
`LEASE`, and a second delivery finds the mark of the first.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, func, select, text, update

from kernel import faults, work
from kernel.audit import doing
from kernel.errors import NotFound
from kernel.events import from_plain
from kernel.i18n import SOURCE_LANGUAGE, _, speaking
from kernel.jobs import Step
from kernel.tables import long_work, outbox
from kernel.tenancy import TenantId, system
from kernel.text import keepable
from kernel.uow import Database, PlatformWork, ShopDeleted, UnitOfWork

log = logging.getLogger(__name__)

#: How long a claimed row is left to the worker that has it before another may try.
LEASE = timedelta(seconds=60)
#: The first wait after a failure; it doubles each time, up to an hour.
BACK_OFF = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)

#: So long what has ended is kept, but for what failed: the lists of jobs go back a month.
KEPT = timedelta(days=30)
#: So many are forgotten in one transaction.
AT_ONCE = 5_000

#: What is still to be done.
OPEN = ("waiting", "sent")

_claim = text("SELECT tenant_id, id, queue FROM app.claim_outbox(:most, :lease)")
_sweep = text("SELECT app.sweep_jobs(:before, :most)")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What travels through the queue: where the row is, not what it says."""

    tenant: TenantId
    id: UUID
    queue: str


class JobQueue(Protocol):
    """Transport to the workers. May lose or repeat an envelope; the outbox forgives both."""

    def send(self, envelope: Envelope) -> None:
        """Hand one envelope to whoever works on its queue. Raises ConnectionError when that cannot be done now."""


def relay(database: Database, queue: JobQueue, *, most: int = 200, lease: timedelta = LEASE) -> int:
    """Claim due rows of all shops and send them. Answers how many; call again at once when it is `most`."""
    with database.for_platform("relay the outbox", system("relay")) as work:
        due = work.execute(_claim, {"most": most, "lease": lease}).all()
    for row in due:
        queue.send(Envelope(TenantId(row.tenant_id), row.id, row.queue))
    return len(due)


def run(database: Database, envelope: Envelope) -> None:
    """Do the work of one row, step by step, each step in a transaction together with its mark.

    A failure is written on the row with the time of the next try; the last one leaves the row `dead`, for an admin
    to see. Never raises for what the work did.
    """
    actor = system("worker")
    begun_at = time.perf_counter()
    try:
        begun = False
        while True:
            begun_at = time.perf_counter()
            with database.for_shop(envelope.tenant, actor) as uow:
                row = _take(uow, envelope.id)
                if row is None:
                    return
                with speaking(row.language or SOURCE_LANGUAGE), doing(row.name):
                    if row.language:
                        _let_follow(database, uow, row, begun=begun)
                    if row.subject_id:
                        uow.go_on_for(row.actor, row.actor_id, row.subject_id, row.subject)
                    outcome = _do(uow, row)
                    if _finished(uow, row, outcome, _ms_since(begun_at)):
                        break
                begun = True
    except ShopDeleted:
        return  # its row goes with all the others
    except work.Stopped:
        with suppress(NotFound), database.for_shop(envelope.tenant, actor) as uow:
            mine = (outbox.c.id == envelope.id) & outbox.c.state.in_(OPEN)
            uow.execute(update(outbox).where(mine).values(state="skipped", ended_at=uow.now))
            uow.signal_platform("jobs")
        return
    except Exception as fault:
        log.exception("job %s failed", envelope.id, extra={"tenant": str(envelope.tenant)})
        died = ""
        with suppress(NotFound, work.Stopped), database.for_shop(envelope.tenant, actor) as uow:
            died = _note_failure(uow, envelope.id, fault, _ms_since(begun_at))
        if died:
            faults.note(database, "job", died, fault, number=envelope.id, shop=envelope.tenant)
        return
    if outcome == "dead":
        faults.note(database, "job", row.name, WorkerDied(), number=envelope.id, shop=envelope.tenant)


def sweep(work: PlatformWork) -> bool:
    """Forget what ended long ago, in all shops. Answers whether there may be more."""
    swept: int = work.execute(_sweep, {"before": work.now - KEPT, "most": AT_ONCE}).scalar_one()
    return swept == AT_ONCE


class WorkerDied(Exception):
    """A job that never came as far as to fail."""

    def __init__(self) -> None:
        super().__init__("the worker died each time it began")


def _ms_since(begun_at: float) -> int:
    return round((time.perf_counter() - begun_at) * 1000)


def _take(uow: UnitOfWork, row_id: UUID) -> Row[Any] | None:
    """The row, locked; None when another worker has it or its work is over. Long work brings its `language`."""
    open_row = (outbox.c.id == row_id) & outbox.c.state.in_(OPEN)
    with_work = outbox.outerjoin(
        long_work, (long_work.c.tenant_id == outbox.c.tenant_id) & (long_work.c.id == outbox.c.id)
    )
    whose = (long_work.c.language, long_work.c.person, long_work.c.branches)
    wanted = select(outbox, *whose).select_from(with_work).where(open_row)
    return uow.execute(wanted.with_for_update(of=outbox, skip_locked=True)).one_or_none()


def _let_follow(database: Database, uow: UnitOfWork, row: Row[Any], *, begun: bool) -> None:
    """Somebody waits for this: what it reports is shown, and it is done in their name and in their branches."""
    if not begun:
        work.start(database, uow.shop.id, row.id, row.progress_done, row.progress_total)
    uow.reports = work.reporter(database, uow.shop.id, row.id)
    uow.act_as(row.actor, row.person, None if row.branches is None else frozenset(row.branches))


def _do(uow: UnitOfWork, row: Row[Any]) -> Step | str:
    """Call who is meant. Answers a Step when there is more to do, else the row's state from now on."""
    if row.tries > row.tries_max:
        return "dead"  # It never came as far as to fail: each time the worker died of it.
    # What a shop may not do now it may again: a suspension ends, and who wanted to leave may stay.
    if not uow.shop.state.allows.jobs:
        return "waiting"
    if row.plugin not in uow.shop.plugins:
        return "skipped"
    if row.kind == "event":
        listener = uow.plugins.listener(row.name)
        if listener is None:
            return "skipped"
        listener.call(uow, from_plain(row.payload["event"], row.payload["data"]))
        return "done"
    worker = uow.plugins.worker(row.name)
    if worker is None:
        return "skipped"
    step = worker.call(uow, **row.payload)
    return step if isinstance(step, Step) else "done"


def _finished(uow: UnitOfWork, row: Row[Any], outcome: Step | str, took_ms: int) -> bool:
    this = update(outbox).where(outbox.c.id == row.id).values(took_ms=outbox.c.took_ms + took_ms)
    uow.signal_platform("jobs")
    if isinstance(outcome, Step):
        uow.execute(
            this.values(
                payload=dict(outcome.args),
                progress_done=outcome.done,
                progress_total=outcome.total,
                sent_at=uow.now,
                tries=0,
            )
        )
        if row.language:
            work.go_on(uow, row.id, outcome.done, outcome.total)
        return False
    match outcome:
        case "waiting":
            uow.execute(this.values(state=outcome, run_at=uow.now + LONGEST_WAIT, tries=0))
        case "dead":
            uow.execute(this.values(state=outcome, ended_at=uow.now, error=str(WorkerDied())))
        case _:
            done = func.greatest(outbox.c.progress_total, outbox.c.progress_done)
            uow.execute(this.values(state=outcome, ended_at=uow.now, error="", progress_done=done))
    if row.language:
        _tell_how_it_ended(uow, row.id, outcome)
    return True


def _tell_how_it_ended(uow: UnitOfWork, row_id: UUID, outcome: str) -> None:
    match outcome:
        case "done":
            work.finish(uow, row_id)
        case "waiting":
            work.wait(uow, row_id, _("The shop is suspended; the work goes on when it is open again."))
        case "skipped":
            work.fail(uow, row_id, _("This part of the shop has been switched off meanwhile."))
        case _:
            work.fail(uow, row_id, _("The work broke off each time it began. Please tell whoever runs this system."))


def _note_failure(uow: UnitOfWork, row_id: UUID, fault: Exception, took_ms: int) -> str:
    """Answers the name of what will not be tried again, and is nobody's own mistake."""
    row = _take(uow, row_id)
    if row is None:
        return ""
    refused = bool(row.language) and work.is_refusal(fault)
    last = row.tries >= row.tries_max or refused
    wait = min(BACK_OFF * 2 ** max(row.tries - 1, 0), LONGEST_WAIT)
    uow.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(
            state="dead" if last else "waiting",
            run_at=uow.now + wait,
            ended_at=uow.now if last else None,
            error=keepable(f"{type(fault).__name__}: {fault}"[:500]),
            took_ms=outbox.c.took_ms + took_ms,
        )
    )
    uow.signal_platform("jobs")
    if row.language:
        with speaking(row.language):
            if last:
                work.fail(uow, row_id, work.sentence_for(row_id, fault))
            else:
                work.wait(uow, row_id, _("It broke off, and is tried again by itself."))
    return row.name if last and not refused else ""
