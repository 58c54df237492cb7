"""What starts by the clock: once per shop and slot, in the shop's own zone, however many schedulers run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, update

from kernel.errors import TryLater
from kernel.jobs import Schedule, job
from kernel.scheduler import start_due
from kernel.tables import overrides, tenants
from kernel.tenancy import Shop
from kernel.uow import Database, UnitOfWork
from tests.kernel.conftest import plugin


@job("post.empty_box", title="Empty the box")
def empty_box(uow: UnitOfWork) -> None: ...


def scheduled(cron: str) -> Any:
    return plugin("post", jobs=[empty_box], schedules=[Schedule("post.box", cron, empty_box)])


@pytest.fixture
def slots(superuser: psycopg.Connection[Any]) -> Callable[[Database, Shop], list[str]]:
    """The slots that were started for a shop, in its own time; nobody else looks into one that is deleted."""

    def started(_database: Database, shop: Shop) -> list[str]:
        keys = superuser.execute("SELECT key FROM shop.outbox WHERE tenant_id = %s ORDER BY key", (shop.id,))
        return [str(key).removeprefix("schedule:post.box:") for (key,) in keys]

    return started


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_slot_is_read_in_the_shops_own_zone(house, opened, slots):
    database = house(scheduled("0 9 * * *"))
    tehran, dubai, london = (opened(database, market) for market in ("IR", "AE", "GB"))
    start_due(database, utc(2025, 6, 2, 5, 10), utc(2025, 6, 2, 5, 40))
    assert slots(database, tehran) == ["2025-06-02T09:00:00+03:30"]
    assert (slots(database, dubai), slots(database, london)) == ([], [])
    start_due(database, utc(2025, 6, 2, 5, 40), utc(2025, 6, 2, 8, 0))
    assert slots(database, london) == ["2025-06-02T09:00:00+01:00"]
    assert slots(database, dubai) == []


def test_a_slot_belongs_to_the_window_it_ends_in_and_to_no_other(house, opened, slots):
    database = house(scheduled("*/5 * * * *"))
    shop = opened(database)
    noon = utc(2025, 6, 2, 12, 0)
    start_due(database, noon - timedelta(minutes=1), noon - timedelta(seconds=1))
    assert slots(database, shop) == []
    start_due(database, noon - timedelta(seconds=1), noon)
    start_due(database, noon, noon + timedelta(minutes=4))
    assert slots(database, shop) == ["2025-06-02T15:30:00+03:30"]


def test_slots_that_were_slept_through_start_once(house, opened, slots):
    database = house(scheduled("0 * * * *"))
    shop = opened(database, "GB")
    start_due(database, utc(2025, 1, 6, 1, 30), utc(2025, 1, 6, 7, 15))
    assert slots(database, shop) == ["2025-01-06T07:00:00+00:00"]


def test_many_schedulers_start_each_slot_once(house, opened, slots):
    first = house(scheduled("* * * * *"))
    shop = opened(first)
    begin = utc(2025, 6, 2, 12, 0)
    together = threading.Barrier(3)

    def tick(database: Database) -> None:
        for minute in range(5):
            together.wait(10)
            start_due(database, begin + timedelta(minutes=minute), begin + timedelta(minutes=minute + 1))

    others = [Database(first._shops, first._platform, first.clock, first.plugins) for _ in range(2)]
    schedulers = [threading.Thread(target=tick, args=(database,)) for database in (first, *others)]
    for one in schedulers:
        one.start()
    for one in schedulers:
        one.join()
    assert slots(first, shop) == [f"2025-06-02T15:{31 + minute}:00+03:30" for minute in range(5)]


def test_a_night_that_has_an_hour_twice_starts_a_slot_once(house, opened, slots):
    """London, 26 October 2025: 01:30 comes at 00:30 and again at 01:30 UTC."""
    database = house(scheduled("30 1 * * *"))
    shop = opened(database, "GB")
    for hour in range(3):
        start_due(database, utc(2025, 10, 26, hour), utc(2025, 10, 26, hour + 1))
    assert len(slots(database, shop)) == 1


def test_a_night_that_lacks_an_hour_starts_its_slot_all_the_same(house, opened, slots):
    """London, 30 March 2025: there is no 01:30."""
    database = house(scheduled("30 1 * * *"))
    shop = opened(database, "GB")
    for hour in range(4):
        start_due(database, utc(2025, 3, 30, hour), utc(2025, 3, 30, hour + 1))
    assert len(slots(database, shop)) == 1


def test_only_shops_that_have_the_plugin_and_are_open_are_served(house, opened, slots, actor):
    database = house(scheduled("0 9 * * *"))
    served, off = opened(database, state="trial"), opened(database)
    closed = [opened(database, state=state) for state in ("past_due", "suspended", "pending_deletion", "deleted")]
    with database.for_shop(off.id, actor) as uow:
        uow.execute(insert(overrides).values(tenant_id=off.id, kind="plugin", name="post", enabled=False, set_by="x"))
        uow.renew_shop()
    start_due(database, utc(2025, 6, 2, 5), utc(2025, 6, 2, 6))
    assert [len(slots(database, shop)) for shop in (served, off, *closed)] == [1, 0, 0, 0, 0, 0]


def test_one_shop_in_an_unknown_zone_does_not_keep_the_others_waiting(house, opened, slots, actor, caplog):
    database = house(scheduled("0 9 * * *"))
    broken, served = opened(database), opened(database)
    change = update(tenants).where(tenants.c.id == broken.id)
    with database.for_platform("a zone of a newer system", actor) as work:
        work.execute(change.values(zone="Mars/Olympus", version=tenants.c.version + 1))
    start_due(database, utc(2025, 6, 2, 5), utc(2025, 6, 2, 6))
    with database.for_platform("put right", actor) as work:
        work.execute(change.values(zone="UTC", version=tenants.c.version + 1))
    assert (len(slots(database, served)), slots(database, broken)) == (1, [])
    assert "Mars/Olympus" in caplog.text


def test_a_shop_that_was_busy_is_a_reason_to_ask_for_the_same_window_again(house, opened, slots, actor, monkeypatch):
    database = house(scheduled("0 9 * * *"))
    busy, served = opened(database), opened(database)
    window = utc(2025, 6, 2, 5), utc(2025, 6, 2, 6)
    enter = Database.for_shop

    def sometimes(self: Database, tenant: Any, *args: Any, **kwargs: Any) -> Any:
        if tenant == busy.id:
            raise TryLater
        return enter(self, tenant, *args, **kwargs)

    with monkeypatch.context() as patch, pytest.raises(TryLater):
        patch.setattr(Database, "for_shop", sometimes)
        start_due(database, *window)
    assert (len(slots(database, served)), slots(database, busy)) == (1, [])
    start_due(database, *window)
    assert [len(slots(database, shop)) for shop in (busy, served)] == [1, 1]


def test_how_many_started_is_answered(house, opened):
    database = house(scheduled("0 9 3 3 *"))
    before = start_due(database, utc(2024, 3, 3), utc(2024, 3, 4))
    opened(database)
    assert start_due(database, utc(2024, 3, 3), utc(2024, 3, 4)) == 1, before
    assert start_due(database, utc(2024, 3, 3), utc(2024, 3, 4)) == 0
