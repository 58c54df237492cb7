"""Write an item down, and take in what there is of it."""

from __future__ import annotations

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.actions.receive import announce, check_countable
from plugins.inventory.domain.item import Item, NewItem
from plugins.inventory.domain.reasons import Reason


def add(uow: UnitOfWork, new: NewItem) -> Item:
    check_countable(new.weighed.fine.units, new.quantity)
    check_countable(new.cost, new.quantity)
    limits.use(uow, "items", +1, _("items"))
    added = store.items.add(uow, new)
    if new.quantity:
        costs = {added: new.cost * new.quantity}
        moved = store.movements.move(uow, {added: new.quantity}, costs=costs, reason=Reason.RECEIVED)[added]
        announce(uow, new.description.sku, new.weighed.metal, moved, Reason.RECEIVED)
    return queries.items.item(uow, added)
