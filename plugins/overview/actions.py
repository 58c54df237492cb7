"""Count a shop's days, and say what was done about a fault."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.uow import PlatformWork, UnitOfWork
from plugins.overview import queries, store
from plugins.overview.domain.activity import KEPT, ShopDay, days_to_count
from plugins.pos import public as pos


def count_days(uow: UnitOfWork) -> None:
    """What the shop did since it was last counted, by its own clock. Done again it is the same."""
    zone = ZoneInfo(uow.shop.zone)
    today = uow.now.astimezone(zone).date()
    first, last = days_to_count(today, store.last_counted(uow))
    sold = pos.takings(uow, first, last) if "pos" in uow.shop.plugins else {}
    worked = queries.people_by_day(uow, datetime.combine(first, time(), zone), zone.key)
    items = queries.items_in_stock(uow)
    days = []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        people, seen_at = worked.get(day, (0, None))
        days.append(ShopDay(day, sold[day].sales if day in sold else 0, people, items, seen_at))
    store.put_days(uow, days)
    store.forget_days(uow, today - KEPT)
    uow.signal_platform("shops")


def see_fault(work: PlatformWork, fault: UUID) -> None:
    """Raises NotFound."""
    queries.fault(work, fault)
    if store.see(work, fault, work.now):
        work.record("overview.see_fault", fault=str(fault))
        work.signal("faults")


def resolve_fault(work: PlatformWork, fault: UUID) -> None:
    """It stands among the open ones again as soon as it comes back. Raises NotFound."""
    queries.fault(work, fault)
    if store.resolve(work, fault, work.now):
        work.record("overview.resolve_fault", fault=str(fault))
        work.signal("faults")
