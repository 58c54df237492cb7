"""What starts by the clock: each slot becomes one outbox row per shop, however many schedulers run."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from inspect import signature
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kernel import faults
from kernel.audit import doing
from kernel.errors import GoldsmithError
from kernel.jobs import PlatformSchedule
from kernel.tables import schedule_runs, tenants
from kernel.tenancy import ShopState, TenantId, system
from kernel.uow import Database, PlatformWork

log = logging.getLogger(__name__)

_AT_WORK = [state.value for state in ShopState if state.allows.jobs]


def start_due(database: Database, since: datetime, until: datetime) -> int:
    """Start every scheduled job with a slot in (since, until], in each shop's own zone. Answers how many started.

    Raises the GoldsmithError that kept a shop from being served, after all others were: ask for the same window again.
    """
    with database.for_platform("start what is due", system("scheduler"), read_only=True) as work:
        shops = work.execute(select(tenants.c.id, tenants.c.zone).where(tenants.c.state.in_(_AT_WORK))).all()
    slot = cache(partial(_slot, since=since, until=until))
    started: Counter[str] = Counter()
    put_off = None
    for shop in shops:
        try:
            started += _start(database, TenantId(shop.id), partial(slot, shop.zone))
        except GoldsmithError as busy:
            put_off = busy
        except Exception as fault:
            # A zone that this machine does not know must not stop the nights of all other shops.
            log.exception("nothing scheduled for a shop", extra={"tenant": str(shop.id)})
            faults.note(database, "schedule", "scheduler.start_due", fault, shop=shop.id)
    if started:
        with database.for_platform("note what has started", system("scheduler")) as work:
            for name in sorted(started):
                _note_run(work, name, until, started=started[name])
    if put_off is not None:
        raise put_off
    return started.total()


def start_platform(database: Database, since: datetime, until: datetime) -> None:
    """Do what the installation does for itself: what has a slot in (since, until], in UTC, and what was asked for.

    A fault stops nothing else.
    """
    asked = _asked_for(database)
    for given in database.plugins.given("platform_schedules"):
        slot = _slot("UTC", given.value.cron, since, until)
        if slot is None and given.value.name in asked:
            slot = until
        if slot is not None:
            _do(database, given.value, slot)


def ask_for(work: PlatformWork, schedule: str) -> None:
    """Have what the installation does for itself done now: within seconds, by a scheduler."""
    row = {"asked_at": work.now, "asked_by": work.actor.name}
    asked = insert(schedule_runs).values(name=schedule, **row)
    work.execute(asked.on_conflict_do_update(index_elements=["name"], set_=row))


def _asked_for(database: Database) -> frozenset[str]:
    """Whoever takes it does it: of two schedulers one."""
    with database.for_platform("look what is asked for", system("scheduler")) as work:
        taken = update(schedule_runs).where(schedule_runs.c.asked_at.is_not(None)).values(asked_at=None)
        return frozenset(work.execute(taken.returning(schedule_runs.c.name)).scalars())


def _do(database: Database, schedule: PlatformSchedule, slot: datetime) -> None:
    begun_at, error = time.perf_counter(), ""
    try:
        with doing(schedule.name), database.for_platform(schedule.name, system("scheduler")) as work:
            call = database.plugins.bound(schedule.work)
            # What has to enter shops asks for the database, as an endpoint does.
            wants_database = "database" in signature(schedule.work).parameters
            call(work, slot, **({"database": database} if wants_database else {}))
    except Exception as fault:
        log.exception("%s failed", schedule.name)
        faults.note(database, "schedule", schedule.name, fault)
        error = type(fault).__name__
    took_ms = round((time.perf_counter() - begun_at) * 1000)
    try:
        with database.for_platform("note what was done", system("scheduler")) as work:
            _note_run(work, schedule.name, slot, took_ms=took_ms, error=error)
    except GoldsmithError as down:
        log.warning("when %s ran last is not noted: %s", schedule.name, down)


def _note_run(work: PlatformWork, name: str, slot: datetime, **values: Any) -> None:
    row = {"slot": slot, "ran_at": work.now, "took_ms": 0, "started": 0, "error": "", **values}
    noted = insert(schedule_runs).values(name=name, **row)
    work.execute(noted.on_conflict_do_update(index_elements=["name"], set_=row))
    work.signal("jobs")


def _start(database: Database, shop: TenantId, slot: Callable[[str], datetime | None]) -> Counter[str]:
    due = [(plugin, one, at) for plugin, one in database.plugins.schedules() if (at := slot(one.cron))]
    if not due:
        return Counter()
    with database.for_shop(shop, system("scheduler")) as uow:
        return Counter(
            schedule.name
            for plugin, schedule, at in due
            if plugin in uow.shop.plugins
            and uow.enqueue(schedule.work, key=f"schedule:{schedule.name}:{at.isoformat()}") is not None
        )


def _slot(zone: str, cron: str, since: datetime, until: datetime) -> datetime | None:
    """The last slot in (since, until]; slots that were slept through start once, not once each."""
    last = None
    for slot in CronSim(cron, since.astimezone(ZoneInfo(zone))):
        if slot > until:
            break
        last = slot
    return last
