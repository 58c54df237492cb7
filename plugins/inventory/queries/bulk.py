"""Reading what was changed of many items at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.errors import NotFound
from kernel.uow import UnitOfWork
from plugins.inventory.domain.bulk import BulkChange, Thing, Value
from plugins.inventory.tables import bulk_changes


def change(uow: UnitOfWork, id: UUID) -> BulkChange:
    """Raises NotFound."""
    row = uow.execute(select(bulk_changes).where(bulk_changes.c.id == id)).one_or_none()
    if row is None:
        raise NotFound
    thing = Thing(row.what)
    before = {UUID(item): _value(thing, value) for item, value in row.before.items()}
    return BulkChange(row.id, thing, before, _value(thing, row.after))


def _value(thing: Thing, kept: str | None) -> Value:
    if kept is None:
        return None
    return UUID(kept) if thing is Thing.CATEGORY else kept == "True"
