"""What other plugins may know of the stock, and do with it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kernel.digits import latin
from kernel.text import is_blank
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.categories import add as add_category
from plugins.inventory.actions.scrap import drop_scrap, take_in_scrap
from plugins.inventory.actions.take import put_back, take
from plugins.inventory.domain.categories import Category
from plugins.inventory.domain.errors import AlreadyInStock, NotTaken, OutOfStock
from plugins.inventory.domain.for_sale import ItemForSale, StoneForSale
from plugins.inventory.domain.item import Description, Item, Kind, Making, MakingKind, NewItem, Stone, Weighed
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.domain.search import Wanted
from plugins.inventory.events import StockAdjusted, StockReceived
from plugins.inventory.permissions import SEE_COST, SEE_STOCK

__all__ = [
    "SEE_COST",
    "SEE_STOCK",
    "AlreadyInStock",
    "Category",
    "Description",
    "Item",
    "ItemForSale",
    "Kind",
    "Making",
    "MakingKind",
    "Moved",
    "NewItem",
    "NotTaken",
    "OutOfStock",
    "Reason",
    "StockAdjusted",
    "StockReceived",
    "Stone",
    "StoneForSale",
    "Weighed",
    "add",
    "add_category",
    "categories",
    "drop_scrap",
    "find",
    "for_sale",
    "put_back",
    "take",
    "take_in_scrap",
]


def for_sale(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, ItemForSale]:
    """Items with all that their price is made of, sold or not, in one statement; unknown ids are left out."""
    return queries.for_sale.for_sale(uow, ids)


def find(uow: UnitOfWork, text: str, limit: int = 20) -> list[ItemForSale]:
    """What somebody scanned or typed at the till: the one item with exactly this SKU or barcode, be it sold or not;
    else what is for sale and has these words, the newest first."""
    scanned = queries.find.exact(uow, latin(text.strip()))
    if scanned is not None:
        return list(for_sale(uow, [scanned]).values())
    if is_blank(text):
        return []
    found = [row.id for row in queries.find.find(uow, Wanted(text), limit=limit).rows]
    known = for_sale(uow, found) if found else {}
    return [known[item] for item in found]


def categories(uow: UnitOfWork) -> list[Category]:
    """The whole tree, each category below its parent."""
    return queries.categories.tree(uow)
