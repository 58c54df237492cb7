"""Writing a shop's own days, and what was done about faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.tables import faults
from kernel.uow import PlatformWork, UnitOfWork
from plugins.overview.domain.activity import ShopDay
from plugins.overview.tables import shop_days


def last_counted(uow: UnitOfWork) -> date | None:
    found: date | None = uow.execute(select(func.max(shop_days.c.day))).scalar_one()
    return found


def put_days(uow: UnitOfWork, days: Sequence[ShopDay]) -> None:
    """In place of what was counted before."""
    rows = [
        {
            "day": each.day,
            "sales": each.sales,
            "people": each.people,
            "items": each.items,
            "seen_at": each.seen_at,
            "counted_at": uow.now,
        }
        for each in days
    ]
    put = upsert(shop_days).values(rows)
    fresh = {name: put.excluded[name] for name in ("sales", "people", "items", "seen_at", "counted_at")}
    uow.execute(put.on_conflict_do_update(index_elements=["tenant_id", "day"], set_=fresh))


def forget_days(uow: UnitOfWork, before: date) -> None:
    uow.execute(delete(shop_days).where(shop_days.c.day < before))


def see(work: PlatformWork, fault: UUID, at: datetime) -> bool:
    """Answers False when somebody has seen it already, or there is none."""
    unseen = update(faults).where(faults.c.id == fault, faults.c.seen_at.is_(None))
    return work.execute(unseen.values(seen_at=at, seen_by=work.actor.name)).rowcount == 1


def resolve(work: PlatformWork, fault: UUID, at: datetime) -> bool:
    """Whoever resolved it has seen it."""
    done = {
        "resolved_at": at,
        "resolved_by": work.actor.name,
        "seen_at": func.coalesce(faults.c.seen_at, at),
        "seen_by": func.coalesce(faults.c.seen_by, work.actor.name),
    }
    still_open = update(faults).where(faults.c.id == fault, faults.c.resolved_at.is_(None))
    return work.execute(still_open.values(done)).rowcount == 1
