"""Long work: begun with what it belongs to, followed while it runs, honest when a worker dies, found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kernel import work
from kernel.clock import SetClock
from kernel.errors import NotFound, RuleBroken
from kernel.ids import new_id
from kernel.jobs import Step, job
from kernel.outbox import Envelope, relay, run
from kernel.tenancy import Actor, Shop, system
from kernel.uow import Database, UnitOfWork
from kernel.work import LongWork, StillStopping, WorkState
from tests.conftest import NOW, HeldQueue, deliver, person
from tests.kernel.conftest import load, plugin
from tests.kernel.test_crash import die
from tests.kernel.trade import Interrupt, tally

NO_LEASE = timedelta(0)


@job("press.print", title="Print labels", tries=3, may_stop=True)
def print_labels(uow: UnitOfWork, *, sheets: int, printed: int = 0) -> Step | None:
    """A sheet a step: what is printed stays printed."""
    uow.next_number("printed")
    Interrupt.here(f"sheet {printed + 1}")
    printed += 1
    return Step(printed, sheets, {"sheets": sheets, "printed": printed}) if printed < sheets else None


@job("press.bind", title="Bind a book", tries=3, may_stop=True)
def bind_book(uow: UnitOfWork, *, pages: int) -> None:
    """All or nothing, and it says how far it is."""
    for page in range(1, pages + 1):
        uow.next_number("bound")
        uow.report(page, pages)
        Interrupt.here(f"page {page}")


@job("press.refuse", title="Refuse", tries=3)
def refuse(uow: UnitOfWork) -> None:
    uow.next_number("refused")
    raise RuleBroken("The press is locked.")


@job("press.break", title="Break", tries=2)
def break_down(uow: UnitOfWork) -> None:
    raise ConnectionError("no ink")


def press() -> Any:
    return plugin("press", jobs=[print_labels, bind_book, refuse, break_down])


def unseen(uow: UnitOfWork, person: UUID) -> int:
    [(number,)] = uow.ask(work.UNSEEN, {"person": person})
    return int(number)


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "REPORT_EVERY_S", 0)
    monkeypatch.setattr(Interrupt, "act", None)


@pytest.fixture
def printing(house) -> Database:
    database: Database = house(press())
    return database


@pytest.fixture
def printer(printing, opened) -> Shop:
    shop: Shop = opened(printing)
    return shop


@pytest.fixture
def begin(printing: Database, printer: Shop, actor: Actor) -> Callable[..., UUID]:
    def begun(job: Any, **args: Any) -> UUID:
        with printing.for_shop(printer.id, actor) as uow:
            started = uow.begin_work(job, about="rings.csv", result="/labels/1", **args)
        assert started is not None
        return started

    return begun


@pytest.fixture
def seen(printing: Database, printer: Shop, actor: Actor) -> Callable[[UUID], LongWork]:
    def looked(id: UUID) -> LongWork:
        with printing.for_shop(printer.id, actor, read_only=True) as uow:
            return work.one(uow, id)

    return looked


def at(monkeypatch: pytest.MonkeyPatch, place: str, act: Callable[[], None]) -> None:
    monkeypatch.setattr(Interrupt, "at", place)
    monkeypatch.setattr(Interrupt, "act", act)


def counted(database: Database, shop: Shop, actor: Actor) -> dict[str, int]:
    with database.for_shop(shop.id, actor) as uow:
        return tally(uow)


def test_work_begins_with_the_transaction_or_not_at_all(printing, printer, actor):
    with pytest.raises(RuleBroken), printing.for_shop(printer.id, actor) as uow:
        uow.begin_work(print_labels, sheets=3)
        raise RuleBroken
    with printing.for_shop(printer.id, actor) as uow:
        assert work.newest(uow) == []
        begun = uow.begin_work(print_labels, about="rings.csv", result="/labels/1", total=3, sheets=3)
        assert work.newest(uow) == [
            LongWork(
                id=begun, plugin="press", title="Print labels", about="rings.csv", state=WorkState.WAITING, done=0,
                total=3, may_stop=True, begun_at=NOW, begun_by="Sara", person=actor.id, started_at=None,
                started_done=0, told_at=NOW, ended_at=None, seen_at=None, result="/labels/1", sentence="",
            )
        ]  # fmt: skip


def test_a_step_shows_its_progress_and_the_end_says_all(printing, printer, begin, seen, monkeypatch):
    id, shown = begin(print_labels, sheets=3), []
    at(monkeypatch, "sheet 3", lambda: shown.append(seen(id)))
    deliver(printing, {printer.id})
    assert [(one.state, one.done, one.total) for one in shown] == [(WorkState.RUNNING, 2, 3)]
    assert (seen(id).state, seen(id).done, seen(id).ended_at) == (WorkState.DONE, 3, NOW)


def test_what_commits_only_at_the_end_is_followed_before(printing, printer, begin, seen, actor, monkeypatch):
    id, shown = begin(bind_book, pages=4), []
    at(monkeypatch, "page 3", lambda: shown.append((seen(id).done, counted(printing, printer, actor))))
    deliver(printing, {printer.id})
    assert shown == [(3, {})]
    assert (seen(id).done, counted(printing, printer, actor)) == (4, {"bound": 4})


def test_reporting_where_nobody_waits_does_nothing(printing, printer, actor):
    with printing.for_shop(printer.id, actor) as uow:
        bind_book(uow, pages=2)
        assert work.newest(uow) == []


def test_after_kill_9_the_work_goes_on_where_it_committed(
    printing, printer, begin, seen, actor, services, database_name, monkeypatch
):
    import multiprocessing
    import signal

    from kernel.uow import open_engine

    id = begin(print_labels, sheets=3)
    queue = HeldQueue()
    relay(printing, queue)

    def doomed() -> None:
        at(monkeypatch, "sheet 2", die)
        engines = [
            open_engine(services.url(role, database_name), pool_size=2)
            for role in ("goldsmith_app", "goldsmith_platform")
        ]
        run(Database(engines[0], engines[1], SetClock(NOW), load(press())), Envelope(printer.id, id, "default"))

    child = multiprocessing.get_context("fork").Process(target=doomed)
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    assert (seen(id).state, seen(id).done) == (WorkState.RUNNING, 1)
    assert not seen(id).is_silent(NOW + timedelta(seconds=60))
    assert seen(id).is_silent(NOW + timedelta(seconds=90))
    relay(printing, queue, lease=NO_LEASE)
    run(printing, Envelope(printer.id, id, "default"))
    assert (seen(id).state, seen(id).started_done, seen(id).done) == (WorkState.DONE, 1, 3)
    assert counted(printing, printer, actor) == {"printed": 3}


def test_a_refusal_ends_it_at_once_with_its_sentence(printing, printer, begin, seen, actor):
    id = begin(refuse)
    deliver(printing, {printer.id})
    assert (seen(id).state, seen(id).sentence) == (WorkState.FAILED, "The press is locked.")
    assert counted(printing, printer, actor) == {}


def test_a_fault_is_tried_again_and_then_named_by_its_number(printing, printer, begin, seen, caplog):
    id, queue = begin(break_down), HeldQueue()
    relay(printing, queue)
    run(printing, Envelope(printer.id, id, "default"))
    assert (seen(id).state, seen(id).sentence) == (WorkState.WAITING, "It broke off, and is tried again by itself.")
    deliver(printing, {printer.id})
    assert seen(id).state is WorkState.FAILED
    assert str(id) in seen(id).sentence
    assert "no ink" not in seen(id).sentence


def test_failed_work_may_start_again(printing, printer, begin, seen, actor, monkeypatch):
    def locked() -> None:
        raise RuleBroken("The press is locked.")

    id = begin(print_labels, sheets=3)
    at(monkeypatch, "sheet 3", locked)
    deliver(printing, {printer.id})
    assert (seen(id).state, seen(id).done) == (WorkState.FAILED, 2)
    monkeypatch.setattr(Interrupt, "act", None)
    with printing.for_shop(printer.id, actor) as uow:
        assert work.start_again(uow, id).state is WorkState.WAITING
    deliver(printing, {printer.id})
    assert (seen(id).state, counted(printing, printer, actor)) == (WorkState.DONE, {"printed": 3})


def test_stopped_work_leaves_nothing_of_the_step_at_hand(printing, printer, begin, seen, actor, monkeypatch):
    id: UUID = begin(bind_book, pages=5)

    def stop() -> None:
        with printing.for_shop(printer.id, actor) as uow:
            work.stop(uow, id)
        with printing.for_shop(printer.id, actor) as uow, pytest.raises(StillStopping):
            work.start_again(uow, id)

    at(monkeypatch, "page 2", stop)
    deliver(printing, {printer.id})
    assert (seen(id).state, seen(id).sentence) == (WorkState.STOPPED, "Stopped by Sara.")
    assert counted(printing, printer, actor) == {}
    monkeypatch.setattr(Interrupt, "act", None)
    with printing.for_shop(printer.id, actor) as uow:
        work.start_again(uow, id)
    deliver(printing, {printer.id})
    assert counted(printing, printer, actor) == {"bound": 5}


def test_what_may_not_be_stopped_or_has_ended_stays_as_it_is(printing, printer, begin, seen, actor):
    refused, printed = begin(refuse), begin(print_labels, sheets=1)
    with printing.for_shop(printer.id, actor) as uow:
        assert work.stop(uow, refused).state is WorkState.WAITING
    deliver(printing, {printer.id})
    with printing.for_shop(printer.id, actor) as uow:
        assert work.stop(uow, printed).state is WorkState.DONE
        assert work.start_again(uow, printed).state is WorkState.DONE


def test_a_person_finds_what_they_began_and_counts_what_they_have_not_seen(printing, printer, begin, actor, plugins):
    id, other = begin(print_labels, sheets=1), person(plugins, "Ali")
    assert other.id is not None
    with printing.for_shop(printer.id, other) as uow:
        assert (unseen(uow, other.id), work.newest(uow, of=other.id)) == (0, [])
        with pytest.raises(NotFound):
            work.one(uow, id, of=other.id)
    with printing.for_shop(printer.id, actor) as uow:
        work.see(uow, actor.id)
        assert unseen(uow, actor.id) == 1  # it is under way
    deliver(printing, {printer.id})
    with printing.for_shop(printer.id, actor) as uow:
        assert unseen(uow, actor.id) == 1
        work.see(uow, actor.id)
        assert (unseen(uow, actor.id), work.count(uow, of=actor.id)) == (0, 1)


def test_it_is_done_in_the_language_and_the_name_of_who_began_it(house, opened, actor):
    from kernel.i18n import language, speaking

    heard = []

    @job("press.sign", title="Sign")
    def sign(uow: UnitOfWork) -> None:
        heard.append((language(), uow.actor.name, uow.ask("SELECT current_setting('app.actor') AS name")[0].name))

    database = house(plugin("press", jobs=[sign]))
    shop = opened(database)
    with speaking("fa"), database.for_shop(shop.id, actor) as uow:
        uow.begin_work(sign)
    deliver(database, {shop.id})
    assert heard == [("fa", "Sara", "Sara")]


def test_it_sees_the_branches_of_who_began_it_and_no_others(house, opened, actor):
    heard = []

    @job("press.look", title="Look")
    def look(uow: UnitOfWork) -> None:
        heard.append((uow.actor.branches, uow.ask("SELECT app.branches() AS them")[0].them))

    database = house(plugin("press", jobs=[look]))
    shop = opened(database)
    here = new_id()
    for branches in (frozenset([here]), None):
        with database.for_shop(shop.id, replace(actor, branches=branches)) as uow:
            uow.begin_work(look)
        deliver(database, {shop.id})
    assert heard == [(frozenset([here]), [here]), (None, None)]


def test_the_time_left_follows_the_pace_of_this_try(printing, printer, actor, clock):
    with printing.for_shop(printer.id, actor) as uow:
        id = uow.begin_work(print_labels, sheets=10)
    work.start(printing, printer.id, id, 4, 10)
    clock.advance(timedelta(seconds=30))
    with printing.for_shop(printer.id, system("worker")) as uow:
        work.go_on(uow, id, 6, 10)
        assert work.one(uow, id).left(uow.now) == timedelta(seconds=60)
        assert work.one(uow, id).left(uow.now + timedelta(seconds=10)) == timedelta(seconds=50)


def test_old_work_is_swept(printing, printer, begin, actor, clock):
    id = begin(print_labels, sheets=1)
    deliver(printing, {printer.id})
    clock.advance(timedelta(days=31))
    fresh = begin(print_labels, sheets=1)
    with printing.for_shop(printer.id, actor) as uow:
        assert work.sweep(uow, uow.now - work.KEPT) == 1
        assert [one.id for one in work.newest(uow)] == [fresh]
        assert id != fresh


def test_work_in_a_shop_that_is_suspended_waits_and_says_so(printing, printer, begin, seen, superuser):
    id = begin(print_labels, sheets=1)
    superuser.execute(
        "UPDATE platform.tenants SET state = 'suspended', version = version + 1 WHERE id = %s", (printer.id,)
    )
    queue = HeldQueue()
    relay(printing, queue)
    run(printing, Envelope(printer.id, id, "default"))
    assert (seen(id).state, seen(id).sentence) == (
        WorkState.WAITING,
        "The shop is suspended; the work goes on when it is open again.",
    )
