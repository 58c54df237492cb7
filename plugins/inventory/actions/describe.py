"""Describe an item anew: name, codes, work, stones, price. What it weighs and how many there are stays."""

from __future__ import annotations

from uuid import UUID

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.domain.errors import ChangedMeanwhile
from plugins.inventory.domain.item import Description, Item, check_fits


def describe(uow: UnitOfWork, item_id: UUID, version: int, description: Description, *, active: bool) -> Item:
    """Raises ChangedMeanwhile when the item is not any more what the person saw."""
    before = queries.items.item(uow, item_id)
    check_fits(before.kind, description)
    if active != before.active:
        limits.use(uow, "items", +1 if active else -1, _("items"))
    if not store.items.describe(uow, before.id, version, description, active=active):
        raise ChangedMeanwhile(before.name)
    return queries.items.item(uow, before.id)
