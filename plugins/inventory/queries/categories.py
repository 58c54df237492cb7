"""Reading the tree of categories. It is small: it is read whole."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.text import sort_key
from kernel.uow import UnitOfWork
from plugins.inventory.domain.categories import Category
from plugins.inventory.tables import categories, items


def tree(uow: UnitOfWork) -> list[Category]:
    """All of them, each below its parent, by name."""
    rows = uow.execute(select(categories.c.id, categories.c.name, categories.c.path)).all()
    names = {row.id: row.name for row in rows}
    found = [
        Category(row.id, row.name, tuple(row.path), tuple(names.get(step, "") for step in row.path)) for row in rows
    ]
    return sorted(found, key=lambda category: [sort_key(name) for name in category.names])


def category(uow: UnitOfWork, category: UUID) -> Category:
    """Raises NotFound."""
    for found in tree(uow):
        if found.id == category:
            return found
    raise NotFound(_("There is no such category."))


def how_many_in(uow: UnitOfWork) -> dict[UUID, int]:
    """Items of each category itself, without those below it."""
    counted = select(items.c.category_id, func.count().label("many")).where(items.c.category_id.is_not(None))
    return {row.category_id: row.many for row in uow.execute(counted.group_by(items.c.category_id))}
