"""kill -9 at every point between a sale and its letter: nothing half done, nothing lost, nothing twice.

The process that dies is a real one, with connections of its own; it has no chance to tidy up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import outbox as outbox_module
from kernel.clock import SetClock
from kernel.outbox import Envelope, relay, run
from kernel.plugins import Plugins
from kernel.tables import outbox
from kernel.tenancy import Actor, Shop, system
from kernel.uow import Database, open_engine
from tests.conftest import NOW, HeldQueue
from tests.kernel.conftest import load
from tests.kernel.test_events import SOLD
from tests.kernel.trade import Interrupt, book, post, stamp, tally, till
from tests.services import Services

Doomed = Callable[[Database, Shop], None]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def trade() -> Plugins:
    return load(till(), book(), post())


@pytest.fixture
def alive(house) -> Database:
    database: Database = house(till(), book(), post())
    return database


@pytest.fixture
def trader(alive, opened) -> Shop:
    shop: Shop = opened(alive)
    return shop


@pytest.fixture
def killed(services: Services, database_name: str, trade: Plugins, trader: Shop) -> Iterator[Callable[[Doomed], None]]:
    """Run a function in a process of its own until it is killed, by itself, with -9."""
    children: list[multiprocessing.process.BaseProcess] = []

    def live_and_die(doomed: Doomed) -> None:
        app, platform = (services.url(role, database_name) for role in ("goldsmith_app", "goldsmith_platform"))

        def life() -> None:
            engines = open_engine(app, pool_size=1), open_engine(platform, pool_size=1)
            doomed(Database(*engines, SetClock(NOW), trade), trader)

        child = multiprocessing.get_context("fork").Process(target=life)
        children.append(child)
        child.start()
        child.join(20)
        assert child.exitcode == -signal.SIGKILL

    yield live_and_die
    for child in children:
        if child.is_alive():
            child.kill()
            child.join()


class DyingQueue(HeldQueue):
    def send(self, envelope: Envelope) -> None:
        die()


def sell(database: Database, shop: Shop) -> None:
    with database.for_shop(shop.id, system("till")) as uow:
        uow.next_number("sale")
        uow.publish(SOLD)


def sell_and_die_before_commit(database: Database, shop: Shop) -> None:
    with database.for_shop(shop.id, system("till")) as uow:
        uow.next_number("sale")
        uow.publish(SOLD)
        die()


def sell_and_die_after_commit(database: Database, shop: Shop) -> None:
    sell(database, shop)
    die()


def claim_and_die_before_sending(database: Database, _shop: Shop) -> None:
    relay(database, DyingQueue())


def work_and_die(at: str) -> Doomed:
    def work(database: Database, shop: Shop) -> None:
        Interrupt.at, Interrupt.act = at, die
        work_on(database, shop)

    return work


def work_and_die_before_the_mark(database: Database, shop: Shop) -> None:
    outbox_module._finished = lambda *_args: die()  # type: ignore[assignment]
    work_on(database, shop)


def work_and_die_before_saying_so(database: Database, shop: Shop) -> None:
    work_on(database, shop)
    die()


def work_on(database: Database, shop: Shop, lease: timedelta = timedelta(0)) -> None:
    """What a relay and a worker do, for this shop's rows; a lease that is over at once stands for waiting it out."""
    queue = HeldQueue()
    relay(database, queue, lease=lease)
    for envelope in queue.held:
        if envelope.tenant == shop.id:
            run(database, envelope)


def state(database: Database, shop: Shop, actor: Actor) -> tuple[dict[str, int], list[str]]:
    with database.for_shop(shop.id, actor) as uow:
        return tally(uow), list(uow.execute(select(outbox.c.state)).scalars())


SALE_ALONE = {"booked": 1, "sale": 1}
ALL_DONE = {"booked": 1, "letters": 1, "sale": 1}


def test_killed_before_commit_nothing_was_sold(alive, trader, actor, killed):
    killed(sell_and_die_before_commit)
    work_on(alive, trader)
    assert state(alive, trader, actor) == ({}, [])


def test_killed_after_commit_the_letter_is_written_all_the_same(alive, trader, actor, killed):
    killed(sell_and_die_after_commit)
    assert state(alive, trader, actor) == (SALE_ALONE, ["waiting"])
    work_on(alive, trader)
    assert state(alive, trader, actor) == (ALL_DONE, ["done"])


@pytest.mark.parametrize(
    ("end", "left"),
    [
        pytest.param(claim_and_die_before_sending, SALE_ALONE, id="claimed, not yet sent"),
        pytest.param(work_and_die("mid-work"), SALE_ALONE, id="in the middle of the work"),
        pytest.param(work_and_die_before_the_mark, SALE_ALONE, id="worked, not yet marked"),
        pytest.param(work_and_die_before_saying_so, ALL_DONE, id="marked, not yet told to the queue"),
    ],
)
def test_killed_on_the_way_the_letter_is_written_once(alive, trader, actor, killed, end, left):
    sell(alive, trader)
    killed(end)
    assert state(alive, trader, actor)[0] == left
    for _again in range(3):
        work_on(alive, trader)
    assert state(alive, trader, actor) == (ALL_DONE, ["done"])


def test_long_work_whose_worker_was_killed_goes_on_where_it_was(alive, trader, actor, killed):
    with alive.for_shop(trader.id, actor) as uow:
        uow.enqueue(stamp, times=5)
    killed(work_and_die("step 3"))
    assert state(alive, trader, actor) == ({"stamps": 2}, ["sent"])
    work_on(alive, trader)
    assert state(alive, trader, actor) == ({"stamps": 5}, ["done"])


def test_a_dead_workers_row_is_left_alone_until_its_lease_is_over(alive, trader, actor, killed):
    sell(alive, trader)
    killed(claim_and_die_before_sending)
    work_on(alive, trader, lease=timedelta(seconds=60))
    assert state(alive, trader, actor) == (SALE_ALONE, ["sent"])
