"""Make the stock what is really there: something was lost, stolen, broken, given away or found."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.domain.item import Item
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import ADJUSTMENTS, Reason
from plugins.inventory.events import StockAdjusted


def adjust(uow: UnitOfWork, item_id: UUID, quantity: int, reason: Reason, note: str = "") -> Item:
    """`quantity` is how many the reason is about. Raises OutOfStock or AlreadyInStock."""
    item = queries.items.item(uow, item_id)
    change = quantity * ADJUSTMENTS[reason]
    moved = store.movements.move(uow, {item.id: change}, reason=reason, note=note)[item.id]
    announce(uow, item, moved, reason)
    return queries.items.item(uow, item.id)


def announce(uow: UnitOfWork, item: Item, moved: Moved, reason: Reason) -> None:
    uow.publish(
        StockAdjusted(
            movement=moved.movement,
            item=item.id,
            sku=item.sku,
            at=uow.now,
            quantity=moved.quantity,
            currency=uow.shop.currency,
            cost=moved.cost,
            metal=item.metal,
            fine=moved.fine.units,
            reason=reason.value,
            kind=item.kind.value,
        )
    )
