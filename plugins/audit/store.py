"""Writing what a check found, and letting go what is old enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from kernel.ids import new_id
from kernel.uow import PlatformWork, UnitOfWork
from plugins.audit.queries import Trail

#: How long it is kept that all was well.
WELL_KEPT = timedelta(days=90)


def add_check(
    work: UnitOfWork | PlatformWork, trail: Trail, broken: int | None, unsealed: int, *, slot: datetime | None = None
) -> None:
    """What somebody has looked at already does not alarm anew every night."""
    c = trail.checks.c
    same = c.broken.is_not_distinct_from(broken) & (c.unsealed == unsealed)
    seen = select(c.seen_at, c.seen_by).where(same, c.seen_at.is_not(None)).limit(1)
    known = work.execute(seen).one_or_none()
    row = {
        "id": new_id(),
        "checked_at": work.now,
        "checked_by": work.actor.name,
        "broken": broken,
        "unsealed": unsealed,
        "seen_at": known.seen_at if known else None,
        "seen_by": known.seen_by if known else None,
    }
    work.execute(insert(trail.checks).values(row | ({"slot": slot} if slot else {})))
    well = c.broken.is_(None) & (c.unsealed == 0)
    work.execute(delete(trail.checks).where(well, c.checked_at < work.now - WELL_KEPT))


def take_slot(work: PlatformWork, trail: Trail, slot: datetime) -> bool:
    """Answers False when this slot was checked already. Who asks at the same time waits until that is known."""
    work.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit.check"))))
    return work.execute(select(trail.checks.c.id).where(trail.checks.c.slot == slot)).first() is None


def see_break(work: UnitOfWork | PlatformWork, trail: Trail) -> None:
    c = trail.checks.c
    unseen = update(trail.checks).where(c.broken.is_not(None) | (c.unsealed > 0), c.seen_at.is_(None))
    work.execute(unseen.values(seen_at=work.now, seen_by=work.actor.name))


def forget(work: UnitOfWork | PlatformWork, trail: Trail, before: datetime) -> None:
    """Raises a check violation of the database where somebody wants the last 90 days gone."""
    work.execute(select(getattr(func.app, f"forget_{trail.scope}_audit")(before))).all()
