"""Take goods in outside the till."""

from __future__ import annotations

from uuid import UUID

from kernel.metal import Metal
from kernel.money import LARGEST
from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.domain.errors import TooMuch
from plugins.inventory.domain.item import Item
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.events import StockReceived


def receive(uow: UnitOfWork, item_id: UUID, quantity: int, cost_of_one: int, note: str = "") -> Item:
    """Goods come in at their cost. Raises AlreadyInStock for a piece that is there."""
    item = queries.items.item(uow, item_id)
    check_countable(item.weighed.fine.units, item.on_hand + quantity)
    check_countable(cost_of_one, quantity)
    moved = store.movements.move(
        uow, {item.id: quantity}, costs={item.id: cost_of_one * quantity}, reason=Reason.RECEIVED, note=note
    )[item.id]
    announce(uow, item.sku, item.weighed.metal, moved, Reason.RECEIVED)
    return queries.items.item(uow, item.id)


def check_countable(of_one: int, quantity: int) -> None:
    """The books hold the pure metal and the cost of all of them exactly. Raises TooMuch."""
    if of_one * quantity > LARGEST:
        raise TooMuch


def announce(uow: UnitOfWork, sku: str, metal: Metal | None, moved: Moved, reason: Reason) -> None:
    uow.publish(
        StockReceived(
            movement=moved.movement,
            item=moved.item,
            sku=sku,
            at=uow.now,
            quantity=moved.quantity,
            currency=uow.shop.currency,
            cost=moved.cost,
            metal=metal.value if metal else "",
            fine=moved.fine.units,
            reason=reason.value,
        )
    )
