"""Changing one thing of many items at once, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.inventory.domain.bulk import BulkChange, Thing, Value
from plugins.inventory.tables import bulk_changes

# Rows are locked in the order of their ids: two people changing the same items would otherwise wait for each other.
# What `before` was comes back with each item that really changed; the others keep their version.
_CHANGE = """
    WITH before AS (
        SELECT id, {column} AS value FROM shop.items
        WHERE id = ANY (%(items)s::uuid[]) AND {column} IS DISTINCT FROM %(value)s::{type} ORDER BY id FOR UPDATE
    )
    UPDATE shop.items AS i SET {column} = %(value)s::{type}, version = i.version + 1
    FROM before WHERE i.id = before.id RETURNING i.id, before.value
"""
_TAKE_BACK = """
    WITH was AS (
        SELECT i.id, w.value FROM shop.items AS i
        JOIN unnest(%(items)s::uuid[], %(values)s::{type}[]) AS w (id, value) ON w.id = i.id
        WHERE i.{column} IS NOT DISTINCT FROM %(after)s::{type} ORDER BY i.id FOR UPDATE OF i
    )
    UPDATE shop.items AS i SET {column} = was.value, version = i.version + 1 FROM was WHERE i.id = was.id RETURNING i.id
"""
_COLUMNS = {
    Thing.CATEGORY: {"column": "category_id", "type": "uuid"},
    Thing.ACTIVE: {"column": "active", "type": "boolean"},
}


def change(uow: UnitOfWork, thing: Thing, items: Sequence[UUID], value: Value) -> dict[UUID, Any]:
    """Answers the items that changed with what they had before."""
    with refusing("items_category_fkey", lambda: BadInput({"category": _("Please choose one from the list.")})):
        rows = uow.ask(_CHANGE.format(**_COLUMNS[thing]), {"items": list(items), "value": value})
    return {row.id: row.value for row in rows}


def take_back(uow: UnitOfWork, change: BulkChange) -> int:
    """Gives each item what it had, but for those that were changed again meanwhile. Answers how many."""
    values = {"items": list(change.before), "values": list(change.before.values()), "after": change.after}
    return len(uow.ask(_TAKE_BACK.format(**_COLUMNS[change.thing]), values))


def note(uow: UnitOfWork, thing: Thing, before: Mapping[UUID, Value], after: Value) -> UUID:
    """What was changed, for taking it back."""
    id = new_id()
    row = {
        "id": id,
        "what": thing.value,
        "before": {str(item): str(value) if value is not None else None for item, value in before.items()},
        "after": str(after) if after is not None else None,
        "at": uow.now,
        "person": uow.actor.name,
    }
    uow.execute(insert(bulk_changes).values(row))
    return id


def note_undone(uow: UnitOfWork, change: UUID) -> bool:
    """Answers False when somebody took it back already."""
    standing = (bulk_changes.c.id == change) & bulk_changes.c.undone_at.is_(None)
    undone = update(bulk_changes).where(standing).values(undone_at=uow.now, undone_by=uow.actor.name)
    return uow.execute(undone).rowcount == 1
