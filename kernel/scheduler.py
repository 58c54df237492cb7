"""What starts by the clock: each slot becomes one outbox row per shop, however many schedulers run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from cronsim import CronSim
from sqlalchemy import select

from kernel.audit import doing
from kernel.errors import GoldsmithError
from kernel.tables import tenants
from kernel.tenancy import ShopState, TenantId, system
from kernel.uow import Database

log = logging.getLogger(__name__)

_AT_WORK = [state.value for state in ShopState if state.allows.jobs]


def start_due(database: Database, since: datetime, until: datetime) -> int:
    """Start every scheduled job with a slot in (since, until], in each shop's own zone. Answers how many started.

    Raises the GoldsmithError that kept a shop from being served, after all others were: ask for the same window again.
    """
    with database.for_platform("start what is due", system("scheduler"), read_only=True) as work:
        shops = work.execute(select(tenants.c.id, tenants.c.zone).where(tenants.c.state.in_(_AT_WORK))).all()
    slot = cache(partial(_slot, since=since, until=until))
    started, put_off = 0, None
    for shop in shops:
        try:
            started += _start(database, TenantId(shop.id), partial(slot, shop.zone))
        except GoldsmithError as busy:
            put_off = busy
        except Exception:
            # A zone that this machine does not know must not stop the nights of all other shops.
            log.exception("nothing scheduled for a shop", extra={"tenant": str(shop.id)})
    if put_off is not None:
        raise put_off
    return started


def start_platform(database: Database, since: datetime, until: datetime) -> None:
    """Do what the installation does for itself with a slot in (since, until], in UTC; a fault stops nothing else."""
    for given in database.plugins.given("platform_schedules"):
        slot = _slot("UTC", given.value.cron, since, until)
        if slot is None:
            continue
        try:
            with doing(given.value.name), database.for_platform(given.value.name, system("scheduler")) as work:
                database.plugins.bound(given.value.work)(work, slot)
        except Exception:
            log.exception("%s failed", given.value.name)


def _start(database: Database, shop: TenantId, slot: Callable[[str], datetime | None]) -> int:
    due = [(plugin, one, at) for plugin, one in database.plugins.schedules() if (at := slot(one.cron))]
    if not due:
        return 0
    with database.for_shop(shop, system("scheduler")) as uow:
        return sum(
            uow.enqueue(schedule.work, key=f"schedule:{schedule.name}:{at.isoformat()}") is not None
            for plugin, schedule, at in due
            if plugin in uow.shop.plugins
        )


def _slot(zone: str, cron: str, since: datetime, until: datetime) -> datetime | None:
    """The last slot in (since, until]; slots that were slept through start once, not once each."""
    last = None
    for slot in CronSim(cron, since.astimezone(ZoneInfo(zone))):
        if slot > until:
            break
        last = slot
    return last
