"""Order the stock: make categories, rename, move and remove them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.domain.categories import Category, put_below


def add(uow: UnitOfWork, name: str, parent: UUID | None) -> Category:
    above = queries.categories.category(uow, parent) if parent else None
    category = put_below(Category(new_id(), name, ()), above)
    store.categories.add(uow, category)
    return category


def change(uow: UnitOfWork, category_id: UUID, name: str, parent: UUID | None) -> Category:
    """Rename it, and move it with all that is below it."""
    store.categories.hold_the_tree(uow)
    tree = {category.id: category for category in queries.categories.tree(uow)}
    before = queries.categories.category(uow, category_id)
    above = queries.categories.category(uow, parent) if parent else None
    height = max(other.level for other in tree.values() if before.id in other.path) - before.level + 1
    changed = replace(put_below(before, above, height), name=name)
    store.categories.change(uow, changed)
    if changed.path != before.path:
        store.categories.hang_below(uow, changed.id, changed.path)
    return changed


def remove(uow: UnitOfWork, category_id: UUID) -> Category:
    """Raises CategoryInUse while something is in it or below it."""
    category = queries.categories.category(uow, category_id)
    store.categories.remove(uow, category)
    return category
