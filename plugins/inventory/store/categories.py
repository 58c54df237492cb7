"""Writing the tree of categories."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, insert, select, text, update

from kernel.uow import UnitOfWork, refusing
from plugins.inventory.domain.categories import Category
from plugins.inventory.domain.errors import CategoryInUse, CategoryTaken
from plugins.inventory.tables import categories

_HANG = text(
    "UPDATE shop.categories SET path = :path || path[array_position(path, :category) + 1 :] "
    "WHERE :category = ANY (path)"
).bindparams(bindparam("path", type_=ARRAY(Uuid)), bindparam("category", type_=Uuid))


def hold_the_tree(uow: UnitOfWork) -> None:
    """Until commit nobody else moves branches of this tree: two moves at once could close a circle."""
    uow.execute(select(categories.c.id).order_by(categories.c.id).with_for_update())


def add(uow: UnitOfWork, category: Category) -> None:
    row = insert(categories).values(
        id=category.id, parent_id=category.parent, name=category.name, path=list(category.path)
    )
    with refusing("categories_name_key", lambda: CategoryTaken(category.name)):
        uow.execute(row)


def change(uow: UnitOfWork, category: Category) -> None:
    row = update(categories).where(categories.c.id == category.id)
    with refusing("categories_name_key", lambda: CategoryTaken(category.name)):
        uow.execute(row.values(parent_id=category.parent, name=category.name))


def hang_below(uow: UnitOfWork, category: UUID, path: Sequence[UUID]) -> None:
    """The category and all below it now stand at the end of `path`, its own place included."""
    uow.execute(_HANG, {"category": category, "path": list(path)})


def remove(uow: UnitOfWork, category: Category) -> None:
    gone = delete(categories).where(categories.c.id == category.id)
    with (
        refusing("items_category_fkey", lambda: CategoryInUse(category.name)),
        refusing("categories_parent_fkey", lambda: CategoryInUse(category.name)),
    ):
        uow.execute(gone)
