"""What one shop has beside its plan, and had."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, or_, select

from kernel.tables import overrides
from kernel.uow import UnitOfWork
from plugins.tenants.domain.override import Override


def in_force(work: UnitOfWork) -> list[Override]:
    """By kind and name."""
    now = overrides.c.ended_at.is_(None) & or_(overrides.c.until.is_(None), overrides.c.until > work.now)
    wanted = select(overrides).where(overrides.c.tenant_id == work.shop.id, now)
    return [_override(row) for row in work.execute(wanted.order_by(overrides.c.kind, overrides.c.name))]


def ended(work: UnitOfWork, most: int = 50) -> list[Override]:
    """The newest first."""
    over = overrides.c.ended_at.is_not(None) | (overrides.c.until <= work.now)
    wanted = select(overrides).where(overrides.c.tenant_id == work.shop.id, over)
    return [_override(row) for row in work.execute(wanted.order_by(overrides.c.set_at.desc()).limit(most))]


def _override(row: Row[Any]) -> Override:
    return Override(
        id=row.id,
        kind=row.kind,
        name=row.name,
        enabled=row.enabled,
        number=row.number,
        because=row.because,
        set_at=row.set_at,
        set_by=row.set_by,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
