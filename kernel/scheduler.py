"""What starts by the clock: each slot becomes one outbox row per shop, however many schedulers run."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim
from sqlalchemy import select

from kernel.tables import tenants
from kernel.tenancy import TenantId, system
from kernel.uow import Database


def start_due(database: Database, since: datetime, until: datetime) -> int:
    """Start every scheduled job with a slot in (since, until], in each shop's own zone. Answers how many started."""
    schedules = database.plugins.schedules()
    with database.for_platform("start what is due", system("scheduler"), read_only=True) as work:
        shops = work.execute(select(tenants.c.id, tenants.c.zone).where(tenants.c.state.in_(["trial", "active"]))).all()
    slots = {
        (schedule.cron, zone): _slot(schedule.cron, zone, since, until)
        for _plugin, schedule in schedules
        for zone in {shop.zone for shop in shops}
    }
    started = 0
    for shop in shops:
        due = [(plugin, one, slot) for plugin, one in schedules if (slot := slots[one.cron, shop.zone])]
        if not due:
            continue
        with database.for_shop(TenantId(shop.id), system("scheduler")) as uow:
            for plugin, schedule, slot in due:
                if plugin in uow.shop.plugins:
                    key = f"schedule:{schedule.name}:{slot.isoformat()}"
                    started += uow.enqueue(schedule.work, key=key) is not None
    return started


def _slot(cron: str, zone: str, since: datetime, until: datetime) -> datetime | None:
    """The last slot in (since, until]; slots that were slept through start once, not once each."""
    last = None
    for slot in CronSim(cron, since.astimezone(ZoneInfo(zone))):
        if slot > until:
            break
        last = slot
    return last
