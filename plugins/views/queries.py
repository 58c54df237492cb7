"""Reading saved views: always those of the person at hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from kernel.contributions import SavedView
from kernel.errors import NotFound
from kernel.uow import UnitOfWork
from plugins.views.tables import saved_views

# A page asks for them each time: written out it costs half of what SQLAlchemy would add.
_KEPT = """
    SELECT id, name, query, is_default FROM shop.saved_views
    WHERE person = %(person)s::uuid AND list = %(list)s::text ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A view with the list it is of."""

    list: str
    view: SavedView


def kept(uow: UnitOfWork, path: str) -> list[SavedView]:
    """The person's views of the list at `path`, the oldest first."""
    rows = uow.ask(_KEPT, {"person": uow.actor.id, "list": path})
    return [SavedView(row.id, row.name, row.query, row.is_default) for row in rows]


def view(uow: UnitOfWork, id: UUID) -> Kept:
    """Raises NotFound, also for somebody else's."""
    mine = (saved_views.c.id == id) & (saved_views.c.person == uow.actor.id)
    row = uow.execute(select(saved_views).where(mine)).one_or_none()
    if row is None:
        raise NotFound
    return Kept(row.list, SavedView(row.id, row.name, row.query, row.is_default))
