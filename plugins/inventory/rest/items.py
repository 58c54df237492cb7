"""Find items, take them into the stock, and write anew what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from starlette.requests import Request

from kernel.metal import Fineness
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.describe import describe
from plugins.inventory.domain.item import Item
from plugins.inventory.forms import EditForm, ItemForm, ItemQuery
from plugins.inventory.permissions import EDIT_STOCK, SEE_COST, SEE_STOCK
from web.cursors import opened, pack
from web.routing import get, post, put


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    id: UUID
    sku: str
    name: str
    kind: str
    category: UUID | None
    branch: UUID
    metal: str | None
    fineness: str | None
    gross_mg: int
    net_mg: int
    on_hand: int
    active: bool
    fixed_price: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class ItemsAnswer:
    """`next` is what to ask as `after` for the next page; null on the last one."""

    items: list[ItemAnswer]
    next: str | None


@dataclass(frozen=True, slots=True)
class MakingAnswer:
    kind: str
    value: str
    fineness: str | None


@dataclass(frozen=True, slots=True)
class StoneAnswer:
    name: str
    count: int
    carats: str | None
    value: int | None
    lab: str
    certificate: str


@dataclass(frozen=True, slots=True)
class MovementAnswer:
    id: UUID
    at: datetime
    quantity: int
    on_hand: int
    reason: str
    note: str
    document: UUID
    person: str


@dataclass(frozen=True, slots=True)
class WholeItemAnswer(ItemAnswer):
    """`cost` is of one, and null for those who may not see it. `fine` is in units of 0.1 µg of pure metal.

    `version` goes back with a change, which is refused where somebody else was faster.
    """

    version: int
    stamped: str | None
    assayed: str | None
    fine: int
    craftsmanship: str
    making: MakingAnswer | None
    wastage_percent: str
    stones: list[StoneAnswer]
    serial: str
    lot: str
    barcode: str
    hallmark: str
    cost: int | None
    movements: list[MovementAnswer]


@get("/api/v1/items", permission=SEE_STOCK, query=ItemQuery, answers=ItemsAnswer)
def api_find_items(request: Request, uow: UnitOfWork, query: ItemQuery) -> ItemsAnswer:
    """Items by words, SKU, barcode, category, fineness, weight, branch and state, the newest first."""
    found = queries.find.find(uow, query.wanted, limit=query.limit, after=opened(query.after, UUID))
    answers = [_answer(row, uow.shop.currency) for row in found.rows]
    return ItemsAnswer(answers, pack(answers[-1].id) if found.more else None)


@post("/api/v1/items", form=ItemForm, permission=EDIT_STOCK, answers=WholeItemAnswer, status=201)
def api_add_item(request: Request, uow: UnitOfWork, form: ItemForm) -> WholeItemAnswer:
    """Take a new item into the stock."""
    return whole(uow, add(uow, form.new_item(uow.shop.currency)).id)


@get("/api/v1/items/{item}", permission=SEE_STOCK, answers=WholeItemAnswer)
def api_show_item(request: Request, uow: UnitOfWork, item: UUID) -> WholeItemAnswer:
    """One item with its stones and its newest movements."""
    return whole(uow, item)


@put("/api/v1/items/{item}", form=EditForm, permission=EDIT_STOCK, answers=WholeItemAnswer)
def api_change_item(request: Request, uow: UnitOfWork, item: UUID, form: EditForm) -> WholeItemAnswer:
    """Write anew what an item is; its weight and what it is worth are corrected by weighing."""
    return whole(uow, describe(uow, item, form.version, form.description(uow.shop.currency), active=form.active).id)


def whole(uow: UnitOfWork, item: UUID) -> WholeItemAnswer:
    """Raises NotFound."""
    found = queries.items.item(uow, item)
    movements = queries.movements.movements_of(uow, found.id)
    return WholeItemAnswer(
        **_plain(found, uow.shop.currency),
        cost=found.cost if uow.actor.may(SEE_COST.name) else None,
        movements=[
            MovementAnswer(m.id, m.at, m.quantity, m.on_hand, m.reason, m.note, m.document, m.person) for m in movements
        ],
    )


def _answer(row: Any, currency: str) -> ItemAnswer:
    # Taken apart in one go: to ask a row for each of its names takes longer than the search.
    id, sku, name, kind, category, branch, metal, fineness, gross, net, price, _low_at, active, on_hand, _since = row
    permille = _permille_of(fineness)
    return ItemAnswer(
        id, sku, name, kind, category, branch, metal, permille, gross, net, on_hand, active, price, currency
    )


def _plain(item: Item, currency: str) -> dict[str, Any]:
    is_, weighed = item.description, item.weighed
    making = is_.making and MakingAnswer(is_.making.kind.value, f"{is_.making.value:f}", _permille(is_.making.fineness))
    return {
        "id": item.id,
        "version": item.version,
        "sku": is_.sku,
        "name": is_.name,
        "kind": item.kind.value,
        "category": is_.category,
        "branch": item.branch,
        "metal": item.metal or None,
        "fineness": _permille(weighed.fineness),
        "gross_mg": weighed.gross.mg,
        "net_mg": weighed.net.mg,
        "on_hand": item.on_hand,
        "active": item.active,
        "fixed_price": is_.fixed_price,
        "currency": currency,
        "stamped": _permille(weighed.stamped),
        "assayed": _permille(weighed.assayed),
        "fine": weighed.fine.units,
        "craftsmanship": is_.craftsmanship,
        "making": making,
        "wastage_percent": f"{is_.wastage_percent:f}",
        "stones": [
            StoneAnswer(s.name, s.count, None if s.carats is None else f"{s.carats:f}", s.value, s.lab, s.certificate)
            for s in is_.stones
        ],
        "serial": is_.serial,
        "lot": is_.lot,
        "barcode": is_.barcode,
        "hallmark": is_.hallmark,
    }


def _permille(fineness: Fineness | None) -> str | None:
    return None if fineness is None else str(fineness)


@cache
def _permille_of(tenths: int | None) -> str | None:
    """A shop's pieces share a dozen of them."""
    return None if tenths is None else str(Fineness(tenths))
