"""How a shop stands with the installation: suspended, on trial, to be deleted, and what it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from kernel.money import Money
from kernel.plans import Cycle
from kernel.tables import subscriptions
from kernel.uow import PlatformWork
from plugins.tenants.domain.deletion import Deletion
from plugins.tenants.domain.shop import Suspension
from plugins.tenants.tables import deletions, suspensions


@dataclass(frozen=True, slots=True)
class Payment:
    """What a shop paid from when to when; the open one has no `until`."""

    plan: str
    price: Money
    cycle: Cycle
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is the matter with a shop now."""

    suspension: Suspension | None
    deletion: Deletion | None


def standing(work: PlatformWork, shop: UUID) -> Standing:
    return Standing(suspension(work, shop), deletion_of(work, shop))


def suspension(work: PlatformWork, shop: UUID) -> Suspension | None:
    open_one = (suspensions.c.tenant_id == shop) & suspensions.c.ended_at.is_(None)
    row = work.execute(
        select(suspensions.c.suspended_at, suspensions.c.suspended_by, suspensions.c.because).where(open_one)
    ).one_or_none()
    return Suspension(row.suspended_at, row.suspended_by, row.because) if row else None


def deletion_of(work: PlatformWork, shop: UUID) -> Deletion | None:
    """The one that was not cancelled."""
    row = work.execute(
        select(deletions).where(deletions.c.tenant_id == shop, deletions.c.cancelled_at.is_(None))
    ).one_or_none()
    return _deletion(row) if row else None


def due_deletions(work: PlatformWork) -> list[Deletion]:
    """Whose time is over, the oldest first."""
    waiting = deletions.c.cancelled_at.is_(None) & deletions.c.erased_at.is_(None) & (deletions.c.due_at <= work.now)
    return [_deletion(row) for row in work.execute(select(deletions).where(waiting).order_by(deletions.c.due_at))]


def payments(work: PlatformWork, shop: UUID) -> Sequence[Payment]:
    """The newest first."""
    wanted = select(subscriptions).where(subscriptions.c.tenant_id == shop).order_by(subscriptions.c.since.desc())
    return [
        Payment(row.plan, Money(row.price, row.currency), Cycle(row.cycle), row.since, row.until)
        for row in work.execute(wanted)
    ]


def _deletion(row: Row[Any]) -> Deletion:
    return Deletion(
        id=row.id,
        shop=row.tenant_id,
        name=row.name,
        slug=row.slug,
        because=row.because,
        scheduled_at=row.scheduled_at,
        scheduled_by=row.scheduled_by,
        due_at=row.due_at,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by,
        begun=row.found is not None,
        erased_at=row.erased_at,
        counts=_counts(row.found, row.erased, row.left) if row.left is not None else None,
    )


def _counts(
    found: Mapping[str, int], erased: Mapping[str, int], left: Mapping[str, int]
) -> dict[str, tuple[int, int, int]]:
    return {table: (found.get(table, 0), erased.get(table, 0), left.get(table, 0)) for table in {**found, **erased}}
