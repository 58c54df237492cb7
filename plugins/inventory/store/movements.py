"""The ledger's writers: database functions that hold the only right to change what is on hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from kernel.errors import GoldsmithError, NotFound
from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Weight
from kernel.uow import UnitOfWork
from plugins.inventory.domain.errors import AlreadyInStock, NotTaken, OutOfStock, TooMuch
from plugins.inventory.domain.moved import Moved

_LOCK = "SELECT i.id FROM shop.items AS i WHERE i.id = ANY (%(items)s::uuid[]) ORDER BY i.id FOR NO KEY UPDATE"
_MOVE = (
    "SELECT movement, item, quantity, cost, fine, stands, name, refused FROM shop.move_stock("
    "%(items)s::uuid[], %(quantities)s::integer[], %(costs)s::bigint[], %(reason)s, %(note)s, %(document)s::uuid, "
    "%(undone)s::uuid, %(at)s, %(person)s::uuid)"
)
_CORRECT = (
    "SELECT movement, item, cost, fine, on_hand FROM shop.correct_item("
    "%(item)s::uuid, %(gross)s::bigint, %(net)s::bigint, %(stamped)s::integer, %(assayed)s::integer, "
    "%(worth)s::bigint, %(reason)s, %(note)s, %(at)s, %(person)s::uuid)"
)


def lock(uow: UnitOfWork, items: Iterable[UUID]) -> None:
    """In the order of their ids, as every movement takes them."""
    uow.ask(_LOCK, {"items": list(items)})


def move(
    uow: UnitOfWork,
    quantities: Mapping[UUID, int],
    *,
    reason: str,
    document: UUID | None = None,
    costs: Mapping[UUID, int] | None = None,
    undone: UUID | None = None,
    note: str = "",
) -> dict[UUID, Moved]:
    """Move all of it or, with an error that names an item, nothing. Negative quantities leave, positive ones come in.

    `costs` are of all that come in of an item; without, what the last one cost. With `undone`, what that document
    took comes back, at the cost at which it left. Without a `document` each movement is its own.
    """
    if not quantities:
        return {}
    rows = uow.ask(
        _MOVE,
        {
            "items": list(quantities),
            "quantities": list(quantities.values()),
            "costs": [(costs or {}).get(item) for item in quantities],
            "reason": reason,
            "note": note,
            "document": document,
            "undone": undone,
            "at": uow.now,
            "person": uow.actor.id,
        },
    )
    for row in rows:
        if row.refused:
            raise _refusal(row)
    uow.signal("stock")
    return {row.item: _moved(row) for row in rows}


def correct(
    uow: UnitOfWork,
    item: UUID,
    *,
    gross: Weight,
    net: Weight,
    stamped: Fineness | None,
    assayed: Fineness | None,
    worth: int,
    reason: str,
    note: str,
) -> Moved | None:
    """Write new weights, fineness and cost, and the difference into the ledger. None when the item is not here.

    The movement is written only where cost or pure metal differ; without one its id is the item's.
    """
    rows = uow.ask(
        _CORRECT,
        {
            "item": item,
            "gross": gross.mg,
            "net": net.mg,
            "stamped": stamped and stamped.tenths,
            "assayed": assayed and assayed.tenths,
            "worth": worth,
            "reason": reason,
            "note": note,
            "at": uow.now,
            "person": uow.actor.id,
        },
    )
    if not rows:
        return None
    row = rows[0]
    uow.signal("stock")
    return Moved(row.movement or row.item, row.item, 0, row.cost, FineWeight(row.fine), row.on_hand)


def _moved(row: Any) -> Moved:
    return Moved(row.movement, row.item, row.quantity, row.cost, FineWeight(row.fine), row.stands)


def _refusal(row: Any) -> GoldsmithError:
    match row.refused:
        case "short":
            return OutOfStock(row.name, -row.quantity, row.stands)
        case "here":
            return AlreadyInStock(row.name)
        case "too_many":
            return TooMuch()
        case "not_taken":
            return NotTaken(row.name)
    return NotFound(_("There is no such item."))
