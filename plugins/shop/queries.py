"""Reading what the shop looks like."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from kernel.errors import NotFound
from kernel.uow import UnitOfWork
from plugins.shop.domain.logo import Picture
from plugins.shop.tables import logos


def logo_id(uow: UnitOfWork) -> UUID | None:
    """None where the shop has no logo."""
    found: UUID | None = uow.execute(select(logos.c.id).order_by(logos.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def logo(uow: UnitOfWork, id: UUID) -> Picture:
    """Raises NotFound."""
    row = uow.execute(select(logos).where(logos.c.id == id)).one_or_none()
    if row is None:
        raise NotFound
    return _picture(row)


def newest_logo(uow: UnitOfWork) -> Picture | None:
    row = uow.execute(select(logos).order_by(logos.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _picture(row)


def _picture(row: Row[Any]) -> Picture:
    return Picture(row.media_type, row.width, row.height, row.content)
