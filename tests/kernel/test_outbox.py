"""The outbox: what was promised in a transaction is done at least once, and has its effect once."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from kernel.events import on
from kernel.jobs import Step, job
from kernel.outbox import LONGEST_WAIT, Envelope, relay, run
from kernel.tables import outbox, overrides, tenants
from kernel.tenancy import Shop, TenantId
from kernel.uow import Database, UnitOfWork
from tests.conftest import NOW, HeldQueue, deliver
from tests.kernel.conftest import plugin
from tests.kernel.test_events import SOLD
from tests.kernel.trade import RingSold, count_letters, lose, post, stamp, tally, till, write_nowhere

NO_LEASE = timedelta(0)


@pytest.fixture
def traded(house) -> Database:
    database: Database = house(till(), post())
    return database


@pytest.fixture
def trader(traded, opened) -> Shop:
    shop: Shop = opened(traded)
    return shop


def row(database: Database, shop: Shop, actor: Any, name: str | None = None) -> Any:
    """The one row of the outbox, or the one of that name."""
    with database.for_shop(shop.id, actor) as uow:
        asked = select(outbox)
        return uow.execute(asked.where(outbox.c.name == name) if name else asked).one()


def counted(database: Database, shop: Shop, actor: Any) -> dict[str, int]:
    with database.for_shop(shop.id, actor) as uow:
        return tally(uow)


def claimed(database: Database, shop: Shop, **options: Any) -> list[Envelope]:
    queue = HeldQueue()
    relay(database, queue, **options)
    return [envelope for envelope in queue.held if envelope.tenant == shop.id]


def test_what_was_published_is_done_after_commit_and_marked(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
    assert deliver(traded, {trader.id}) == 1
    assert counted(traded, trader, actor) == {"letters": 1}
    done = row(traded, trader, actor)
    assert (done.state, done.tries, done.ended_at, done.error, done.actor) == ("done", 1, NOW, "", actor.name)
    assert deliver(traded, {trader.id}) == 0


def test_what_was_rolled_back_is_never_done(traded, trader, actor):
    with pytest.raises(ZeroDivisionError), traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
        uow.enqueue(count_letters)
        raise ZeroDivisionError
    assert (deliver(traded, {trader.id}), counted(traded, trader, actor)) == (0, {})


def test_a_message_delivered_many_times_has_its_effect_once(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
    (envelope,) = claimed(traded, trader)
    workers = [threading.Thread(target=run, args=(traded, envelope)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run(traded, envelope)
    assert counted(traded, trader, actor) == {"letters": 1}


def test_two_relays_never_send_the_same_row(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        for _ in range(40):
            uow.enqueue(count_letters)
    sent: list[Envelope] = []

    def relay_on() -> None:
        while got := claimed(traded, trader, most=3):
            sent.extend(got)

    relays = [threading.Thread(target=relay_on) for _ in range(2)]
    for one in relays:
        one.start()
    for one in relays:
        one.join()
    assert len(sent) == len({envelope.id for envelope in sent}) == 40


def test_a_lost_message_is_sent_again_after_the_lease_and_not_before(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
    (lost,) = claimed(traded, trader)
    assert claimed(traded, trader) == []
    assert claimed(traded, trader, lease=NO_LEASE) == [lost]
    run(traded, lost)
    assert claimed(traded, trader, lease=NO_LEASE) == []
    assert row(traded, trader, actor).tries == 2


def test_a_queue_that_is_away_loses_nothing(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.enqueue(count_letters)

    class Away:
        def send(self, envelope: Envelope) -> None:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        relay(traded, Away())
    for envelope in claimed(traded, trader, lease=NO_LEASE):
        run(traded, envelope)
    assert counted(traded, trader, actor) == {"counted": 1}


def test_an_envelope_says_where_the_row_is_and_on_which_queue(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        letters = uow.enqueue(count_letters)
        stamps = uow.enqueue(stamp, times=1)
    sent = {envelope.id: envelope for envelope in claimed(traded, trader)}
    assert sent == {
        letters: Envelope(trader.id, letters, "low"),
        stamps: Envelope(trader.id, stamps, "default"),
    }


def test_work_for_later_is_not_sent_before_its_time(traded, trader, actor, clock):
    with traded.for_shop(trader.id, actor) as uow:
        # By PostgreSQL's clock, which is the relay's: far from now.
        uow.enqueue(count_letters, run_at=NOW + timedelta(days=365 * 50))
    assert claimed(traded, trader) == []


def test_a_key_that_was_used_starts_nothing(traded, trader, actor, opened):
    with traded.for_shop(trader.id, actor) as uow:
        assert uow.enqueue(count_letters, key="tonight") is not None
        assert uow.enqueue(count_letters, key="tonight") is None
    with traded.for_shop(trader.id, actor) as uow:
        assert uow.enqueue(stamp, key="tonight", times=1) is None
    other = opened(traded)
    with traded.for_shop(other.id, actor) as uow:
        assert uow.enqueue(count_letters, key="tonight") is not None


def test_a_job_nobody_has_cannot_be_started(traded, trader, actor):
    @job("nobody.has_it", title="Nobody's")
    def unlisted(uow: UnitOfWork) -> None: ...

    with traded.for_shop(trader.id, actor) as uow, pytest.raises(LookupError, match=r"has the job nobody\.has_it"):
        uow.enqueue(unlisted)


# Failures


def test_a_failure_leaves_nothing_and_waits_longer_each_time(house, opened, actor, clock):
    database = house(till(), plugin("post", subscriptions=[write_nowhere]))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(SOLD)
    waits = []
    for _ in range(7):
        (envelope,) = claimed(database, shop)
        run(database, envelope)
        failed = row(database, shop, actor)
        assert (failed.state, failed.ended_at) == ("waiting", None)
        waits.append((failed.run_at - NOW).total_seconds())
    assert waits == [5, 10, 20, 40, 80, 160, 320]
    assert counted(database, shop, actor) == {}


def test_what_fails_to_the_last_is_kept_as_dead_with_its_reason(house, opened, actor):
    database = house(till(), plugin("post", subscriptions=[write_nowhere]))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(SOLD)
    assert deliver(database, {shop.id}) == 8
    dead = row(database, shop, actor)
    said = "ConnectionError: the post office is closed"
    assert (dead.state, dead.tries, dead.ended_at, dead.error) == ("dead", 8, NOW, said)
    assert deliver(database, {shop.id}) == 0


def test_a_failure_that_no_text_can_hold_is_kept_all_the_same(house, opened, actor, caplog):
    """Or it would be tried for ever, and nobody would be told."""
    caplog.set_level(logging.CRITICAL, logger="kernel.outbox")  # pytest cannot carry the log of it, either

    @on(RingSold, after_commit=True)
    def choke(uow: UnitOfWork, sold: RingSold) -> None:
        raise ValueError("the file has \0 and \udcff in it")

    database = house(till(), plugin("post", subscriptions=[choke]))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(SOLD)
    (envelope,) = claimed(database, shop)
    run(database, envelope)
    failed = row(database, shop, actor)
    assert (failed.state, failed.error) == ("waiting", "ValueError: the file has  and ? in it")


def test_a_job_that_finds_nothing_fails_like_any_other(traded, trader, actor):
    """A NotFound of the work is not a shop that is gone: it would be tried for ever."""
    with traded.for_shop(trader.id, actor) as uow:
        uow.enqueue(lose)
    assert deliver(traded, {trader.id}) == 3
    assert (row(traded, trader, actor).state, counted(traded, trader, actor)) == ("dead", {})


def test_work_that_kills_its_worker_each_time_is_dead_in_the_end(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.enqueue(lose)
    for _ in range(3):  # its worker dies of it, and so never says that it failed
        assert len(claimed(traded, trader, lease=NO_LEASE)) == 1
    (envelope,) = claimed(traded, trader, lease=NO_LEASE)
    run(traded, envelope)
    dead = row(traded, trader, actor)
    assert (dead.state, dead.error) == ("dead", "the worker died each time it began")


def test_work_of_a_shop_that_is_gone_is_no_trouble(traded, trader, caplog):
    run(traded, Envelope(TenantId(SOLD.sale), SOLD.sale, "default"))


def test_what_one_job_does_the_failure_of_another_does_not_undo(house, opened, actor):
    database = house(till(), post(write_nowhere))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(SOLD)
    deliver(database, {shop.id})
    assert counted(database, shop, actor) == {"letters": 1}


# Switched off, suspended, gone


def test_work_of_a_plugin_that_is_off_is_skipped(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
        uow.enqueue(count_letters)
    with traded.for_shop(trader.id, actor) as uow:
        off = {"tenant_id": trader.id, "kind": "plugin", "name": "post", "enabled": False, "set_by": "x"}
        uow.execute(insert(overrides).values(off))
        uow.renew_shop()
    assert deliver(traded, {trader.id}) == 2
    with traded.for_shop(trader.id, actor) as uow:
        assert (uow.execute(select(outbox.c.state)).scalars().all(), tally(uow)) == (["skipped", "skipped"], {})
        uow.execute(update(overrides).values(ended_at=uow.now))
        uow.renew_shop()
        uow.publish(SOLD)
    deliver(traded, {trader.id})
    assert counted(traded, trader, actor) == {"letters": 1}


@pytest.mark.parametrize("closed", ["past_due", "suspended", "pending_deletion"])
def test_work_of_a_shop_that_is_closed_waits_until_it_is_open_again(traded, trader, actor, closed):
    def state(name: str) -> None:
        with traded.for_platform("not paid", actor) as work:
            change = {"state": name, "version": tenants.c.version + 1}
            work.execute(update(tenants).where(tenants.c.id == trader.id).values(change))

    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
    state(closed)
    (envelope,) = claimed(traded, trader)
    run(traded, envelope)
    put_off = row(traded, trader, actor)
    assert (put_off.state, put_off.tries, put_off.run_at) == ("waiting", 0, NOW + LONGEST_WAIT)
    state("active")
    deliver(traded, {trader.id})
    assert counted(traded, trader, actor) == {"letters": 1}


def test_work_whose_code_is_gone_is_skipped(traded, trader, actor, house):
    with traded.for_shop(trader.id, actor) as uow:
        uow.publish(SOLD)
        uow.enqueue(count_letters)
    smaller = house(till(), plugin("post"))
    assert deliver(smaller, {trader.id}) == 2
    with traded.for_shop(trader.id, actor) as uow:
        assert uow.execute(select(outbox.c.state)).scalars().all() == ["skipped", "skipped"]


# Long work in steps


def test_long_work_shows_its_progress_and_each_step_stands(traded, trader, actor):
    with traded.for_shop(trader.id, actor) as uow:
        uow.enqueue(stamp, times=5)
    assert deliver(traded, {trader.id}) == 1
    done = row(traded, trader, actor)
    assert (done.state, done.progress_done, done.progress_total) == ("done", 5, 5)
    assert counted(traded, trader, actor) == {"stamps": 5}


FAILS_AT_3: list[int] = []


@job("post.stumble", title="Stumble", tries=2)
def stumble(uow: UnitOfWork, *, done: int = 0) -> Step | None:
    uow.next_number("stamps")
    if done == 2 and not FAILS_AT_3:
        FAILS_AT_3.append(done)
        raise ZeroDivisionError
    return Step(done + 1, 4, {"done": done + 1}) if done < 3 else None


def test_long_work_goes_on_where_it_failed(house, opened, actor, caplog):
    FAILS_AT_3.clear()
    database = house(plugin("post", jobs=[stumble]))
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.enqueue(stumble)
    (envelope,) = claimed(database, shop)
    with caplog.at_level(logging.ERROR, "kernel.outbox"):
        run(database, envelope)
    assert f"job {envelope.id} failed" in caplog.text
    stuck = row(database, shop, actor)
    assert (stuck.state, stuck.progress_done, stuck.progress_total) == ("waiting", 2, 4)
    deliver(database, {shop.id})
    assert (row(database, shop, actor).state, counted(database, shop, actor)) == ("done", {"stamps": 4})
