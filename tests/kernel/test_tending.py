"""A job that is tried again, dropped or stopped: once, whatever its worker is doing meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from kernel import tending, work
from kernel.errors import Conflict, NotFound
from kernel.ids import new_id
from kernel.jobs import Step, job
from kernel.outbox import Envelope, relay, run
from kernel.tables import faults, long_work, outbox
from kernel.tenancy import Shop
from kernel.uow import Database, UnitOfWork
from tests.conftest import NOW, HeldQueue, deliver
from tests.kernel.conftest import plugin

#: Set by a test: what the job at hand waits for, and what it has done.
gate: dict[str, threading.Event] = {}
done: list[int] = []


@job("mill.break", title="Break", tries=1)
def break_down(uow: UnitOfWork) -> None:
    raise ZeroDivisionError("the wheel of 'Sara' broke")


@job("mill.hold", title="Hold")
def hold(uow: UnitOfWork) -> None:
    gate["begun"].set()
    assert gate["go"].wait(10)
    done.append(1)


@job("mill.grind", title="Grind")
def grind(uow: UnitOfWork, at: int = 0) -> Step | None:
    done.append(at)
    gate["begun"].set()
    if at == 0:
        gate["go"].wait(10)
    return Step(at + 1, 50, {"at": at + 1}) if at < 50 else None


@job("mill.report", title="Report", may_stop=True)
def report(uow: UnitOfWork) -> None:
    gate["begun"].set()
    assert gate["go"].wait(10)
    uow.report(1, 2)
    done.append(1)


@pytest.fixture
def mill(house) -> Database:
    gate.update(begun=threading.Event(), go=threading.Event())
    done.clear()
    database: Database = house(plugin("mill", jobs=[break_down, hold, grind, report]))
    return database


@pytest.fixture
def miller(mill, opened) -> Shop:
    shop: Shop = opened(mill)
    return shop


@pytest.fixture
def begin(mill, miller, actor) -> Callable[..., Envelope]:
    """Promise a job, and have it handed over."""

    def promised(what: Any, *, followed: bool = False) -> Envelope:
        with mill.for_shop(miller.id, actor) as uow:
            id = uow.begin_work(what) if followed else uow.enqueue(what)
        queue = HeldQueue()
        while relay(mill, queue):
            pass  # other tests left theirs, and they came first
        return next(one for one in queue.held if one.id == id)

    return promised


@pytest.fixture
def at_it(mill) -> Any:
    """A worker that has begun, and waits for `gate["go"]`."""
    threads = []

    def begun(envelope: Envelope) -> threading.Thread:
        worker = threading.Thread(target=run, args=(mill, envelope))
        worker.start()
        threads.append(worker)
        assert gate["begun"].wait(10)
        return worker

    yield begun
    gate["go"].set()
    for worker in threads:
        worker.join(10)


@pytest.fixture
def tend(mill, miller, actor) -> Callable[..., str]:
    def tended(do: Callable[[UnitOfWork, Any], str], envelope: Envelope) -> str:
        with mill.for_shop(miller.id, actor) as uow:
            return do(uow, envelope.id)

    return tended


@pytest.fixture
def row(mill, miller, actor) -> Callable[..., Any]:
    def read(envelope: Envelope, table: Any = outbox) -> Any:
        with mill.for_shop(miller.id, actor) as uow:
            return uow.execute(select(table).where(table.c.id == envelope.id)).one()

    return read


def test_what_failed_is_tried_again_with_all_its_tries(mill, begin, tend, row):
    broken = begin(break_down)
    run(mill, broken)
    assert row(broken).state == "dead"
    assert tend(tending.retry, broken) == "mill.break"
    again = row(broken)
    assert (again.state, again.tries, again.error, again.ended_at, again.took_ms) == ("waiting", 0, "", None, 0)


def test_what_is_tried_again_twice_begins_once(mill, begin, tend, row):
    broken = begin(break_down)
    run(mill, broken)
    together, outcomes = threading.Barrier(2), []

    def press() -> None:
        together.wait(10)
        try:
            outcomes.append(tend(tending.retry, broken))
        except Conflict as refusal:
            outcomes.append(type(refusal).__name__)

    pressing = [threading.Thread(target=press) for _ in range(2)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(outcomes) in (["NothingToRepeat", "mill.break"], ["HasBegun", "mill.break"])
    assert row(broken).state == "waiting"


def test_what_is_done_is_neither_repeated_nor_dropped_nor_stopped(mill, begin, tend, row):
    gate["go"].set()
    held = begin(hold)
    run(mill, held)
    for do, refusal in (
        (tending.retry, tending.NothingToRepeat),
        (tending.drop, tending.NothingToDrop),
        (tending.cancel, tending.NothingToDrop),
    ):
        with pytest.raises(refusal):
            tend(do, held)
    assert (row(held).state, done) == ("done", [1])


def test_what_is_dropped_before_it_began_is_never_done(mill, begin, tend, row):
    held = begin(hold)
    assert tend(tending.drop, held) == "mill.hold"
    gate["go"].set()
    run(mill, held)
    assert (row(held).state, row(held).ended_at, done) == ("dropped", NOW, [])


def test_what_runs_is_not_dropped_and_ends_as_it_would(begin, at_it, tend, row):
    held = begin(hold)
    worker = at_it(held)
    for do in (tending.drop, tending.retry):
        with pytest.raises(tending.HasBegun):
            tend(do, held)
    gate["go"].set()
    worker.join(10)
    assert (row(held).state, done) == ("done", [1])


def test_what_is_done_whole_or_not_at_all_cannot_be_stopped_half_way(begin, at_it, tend, row, monkeypatch):
    monkeypatch.setattr(tending, "PATIENCE", "100ms")
    held = begin(hold)
    worker = at_it(held)
    with pytest.raises(tending.CannotStop):
        tend(tending.cancel, held)
    gate["go"].set()
    worker.join(10)
    assert (row(held).state, done) == ("done", [1])


def test_work_in_steps_stops_after_the_step_at_hand(begin, at_it, tend, row):
    grinding = begin(grind)
    worker = at_it(grinding)
    threading.Timer(0.3, gate["go"].set).start()
    assert tend(tending.cancel, grinding) == "mill.grind"
    worker.join(10)
    stopped = row(grinding)
    assert stopped.state == "dropped"
    # The step that was begun stands, and hardly another was.
    assert stopped.progress_done == len(done) < 50


def test_work_that_somebody_follows_stops_at_its_next_report(begin, at_it, tend, row):
    reporting = begin(report, followed=True)
    worker = at_it(reporting)
    assert tend(tending.cancel, reporting) == "mill.report"
    gate["go"].set()
    worker.join(10)
    assert (row(reporting).state, done) == ("skipped", [])
    told = row(reporting, long_work)
    assert (told.state, told.sentence) == ("stopped", "Stopped by whoever runs this system.")


def test_whoever_waits_for_it_is_told_that_it_was_taken_away_and_that_it_begins_again(mill, begin, tend, row):
    reporting = begin(report, followed=True)
    tend(tending.drop, reporting)
    told = row(reporting, long_work)
    assert (told.state, told.sentence) == ("failed", "Taken away by whoever runs this system.")
    tend(tending.retry, reporting)
    again = row(reporting, long_work)
    assert (again.state, again.sentence, again.ended_at) == ("waiting", "", None)
    gate["go"].set()
    deliver(mill, {reporting.tenant})
    assert (row(reporting).state, row(reporting, long_work).state, done) == ("done", "done", [1])


def test_a_job_of_another_shop_is_none(mill, begin, actor, opened, row):
    held, other = begin(hold), opened(mill)
    for do in (tending.retry, tending.drop, tending.cancel):
        with pytest.raises(NotFound), mill.for_shop(other.id, actor) as uow:
            do(uow, held.id)
    with pytest.raises(NotFound), mill.for_shop(other.id, actor) as uow:
        tending.drop(uow, new_id())
    assert row(held).state == "sent"


def test_how_long_it_took_is_noted_in_the_statement_that_ends_it(mill, begin, row, statements):
    gate["go"].set()
    held = begin(hold)
    with statements.counted() as sent:
        run(mill, held)
    # To enter, to take the row, to mark it, to end: as many as before there was anything to see of it.
    assert (len(sent), row(held).took_ms >= 0) == (4, True)


def test_a_job_that_failed_for_good_is_in_the_book_of_faults_under_its_own_number(mill, begin, actor, superuser):
    broken = begin(break_down)
    run(mill, broken)
    with mill.for_platform("look", actor) as uow:
        known = uow.execute(select(faults).where(faults.c.place == "mill.break")).one()
    assert (known.kind, known.error, known.line) == ("job", "ZeroDivisionError", "the wheel of … broke")
    assert "test_tending.py" in known.raised_at
    at = superuser.execute("SELECT tenant_id FROM platform.fault_times WHERE id = %s", (broken.id,)).fetchone()
    assert at == (broken.tenant,)


def test_a_refusal_of_followed_work_is_no_fault_of_ours(house, opened, actor):
    @job("mill.refuse", title="Refuse")
    def refuse(uow: UnitOfWork) -> None:
        raise work.StillStopping

    database = house(plugin("mill", jobs=[refuse]))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.begin_work(refuse)
    deliver(database, {shop.id})
    with database.for_platform("look", actor) as uow:
        assert uow.execute(select(faults.c.id).where(faults.c.place == "mill.refuse")).all() == []
