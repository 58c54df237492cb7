"""What other plugins may know of the stock, and do with it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from kernel.digits import latin
from kernel.text import is_blank
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.categories import add as add_category
from plugins.inventory.actions.scrap import drop_scrap, take_in_scrap
from plugins.inventory.actions.take import hold, put_back, take
from plugins.inventory.domain.categories import Category
from plugins.inventory.domain.errors import AlreadyInStock, NotTaken, OutOfStock
from plugins.inventory.domain.for_sale import ItemForSale, StoneForSale
from plugins.inventory.domain.item import Description, Item, Kind, Making, MakingKind, NewItem, Stone, Weighed
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.domain.search import Wanted
from plugins.inventory.domain.total import Total
from plugins.inventory.events import StockAdjusted, StockReceived
from plugins.inventory.permissions import EDIT_STOCK, IMPORT_STOCK, SEE_COST, SEE_STOCK
from plugins.inventory.queries.past import Place

__all__ = [
    "EDIT_STOCK",
    "IMPORT_STOCK",
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
    "Total",
    "Weighed",
    "add",
    "add_category",
    "categories",
    "drop_scrap",
    "entered_by",
    "find",
    "for_sale",
    "hold",
    "put_back",
    "take",
    "take_in_scrap",
    "told_since",
    "totals",
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


def entered_by(uow: UnitOfWork, file: UUID, limit: int) -> list[UUID]:
    """The items that came in with a file of the import, in its order."""
    return queries.imports.entered_by(uow, file, limit)


def categories(uow: UnitOfWork) -> list[Category]:
    """The whole tree, each category below its parent."""
    return queries.categories.tree(uow)


def totals(uow: UnitOfWork) -> list[Total]:
    """What all of the stock is worth and weighs, one for each metal and one for what has none."""
    return queries.totals.totals(uow)


Told = StockReceived | StockAdjusted


def told_since(uow: UnitOfWork, place: str, limit: int) -> list[tuple[str, Told]]:
    """What happened after `place` (empty: from the beginning), the oldest first, as it was told then.

    Each with its place, to go on from. For plugins that were not there to listen.
    """
    here = Place.read(place)
    single = queries.past.movements_after(uow, here.movement, limit)
    entered, metals = queries.past.import_after(uow, here.entered, here.metals) or (here.entered, ())
    told: list[tuple[str, Told]] = []
    for event in heapq.merge(single, metals, key=lambda event: event.at):
        if event.reason != Reason.IMPORTED:
            here = replace(here, movement=event.movement)
        elif here.entered == entered:
            here = replace(here, metals=here.metals + 1)
        else:
            here = replace(here, entered=entered, metals=1)
        told.append((str(here), event))
    return told[:limit]
