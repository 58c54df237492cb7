"""Whoever does something that is worth money tells it; here it is booked, in the same transaction."""

from __future__ import annotations

from datetime import timedelta

from kernel.events import PluginEnabled, ShopOpened, on
from kernel.uow import UnitOfWork
from plugins.accounting.actions.book import book
from plugins.accounting.actions.open_books import open_books
from plugins.accounting.jobs import post_earlier
from plugins.inventory.public import StockAdjusted, StockReceived
from plugins.pos.public import SaleCompleted, SaleRefunded, SaleVoided

#: Far longer than any sale lasts: the database ends a statement after half a minute, and who stands idle after one.
LONGEST_SALE = timedelta(minutes=10)


@on(ShopOpened)
def open_with_the_shop(uow: UnitOfWork, _opened: ShopOpened) -> None:
    open_books(uow)


@on(PluginEnabled)
def catch_up(uow: UnitOfWork, enabled: PluginEnabled) -> None:
    """What was sold and received while nobody kept books, or while we could not hear of it, is posted now."""
    if enabled.plugin == "accounting":
        open_books(uow)
    if enabled.plugin in ("accounting", "pos", "inventory"):
        # Plugins that are switched on together start it once.
        uow.enqueue(post_earlier, key=f"accounting.catch_up:{uow.now.isoformat()}")
        # Once more, later: a sale that began before us may end after the first run went past its moment.
        later = uow.now + LONGEST_SALE
        uow.enqueue(post_earlier, key=f"accounting.catch_up:{later.isoformat()}", run_at=later)


@on(SaleCompleted)
def post_sale(uow: UnitOfWork, sold: SaleCompleted) -> None:
    book(uow, sold)


@on(SaleRefunded)
def post_refund(uow: UnitOfWork, refunded: SaleRefunded) -> None:
    book(uow, refunded)


@on(SaleVoided)
def post_void(uow: UnitOfWork, voided: SaleVoided) -> None:
    book(uow, voided)


@on(StockReceived)
def post_receipt(uow: UnitOfWork, received: StockReceived) -> None:
    book(uow, received)


@on(StockAdjusted)
def post_adjustment(uow: UnitOfWork, adjusted: StockAdjusted) -> None:
    book(uow, adjusted)
