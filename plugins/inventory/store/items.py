"""Writing items down, and describing them anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.inventory.domain.errors import BarcodeTaken, SkuTaken
from plugins.inventory.domain.item import Description, NewItem, Stone
from plugins.inventory.tables import item_stones, items


def add(uow: UnitOfWork, new: NewItem) -> UUID:
    """Without stock: what comes in with it is a movement."""
    item = new_id()
    row = {
        "id": item,
        "kind": new.kind,
        "branch_id": new.branch,
        "metal": new.weighed.metal,
        "stamped": new.weighed.stamped and new.weighed.stamped.tenths,
        "assayed": new.weighed.assayed and new.weighed.assayed.tenths,
        "gross_mg": new.weighed.gross.mg,
        "net_mg": new.weighed.net.mg,
        "created_at": uow.now,
        "created_by": uow.actor.name,
        **columns(new.description),
    }
    if not uow.actor.works_in(new.branch):
        raise _unknown("branch")
    with refused_by_name(new.description):
        uow.execute(insert(items).values(row))
    _write_stones(uow, item, new.description.stones)
    return item


def describe(uow: UnitOfWork, item: UUID, version: int, description: Description, *, active: bool) -> bool:
    """Write the description anew. Answers False when somebody else did since `version`."""
    unchanged = (items.c.id == item) & (items.c.version == version)
    change = update(items).where(unchanged).values(version=version + 1, active=active, **columns(description))
    with refused_by_name(description):
        changed = uow.execute(change)
    if changed.rowcount != 1:
        return False
    uow.execute(delete(item_stones).where(item_stones.c.item_id == item))
    _write_stones(uow, item, description.stones)
    return True


@contextmanager
def refused_by_name(description: Description) -> Iterator[None]:
    """What the database guards, said in our words."""
    with (
        refusing("items_sku_key", lambda: SkuTaken(description.sku)),
        refusing("items_barcode_key", lambda: BarcodeTaken(description.barcode)),
        refusing("items_category_fkey", lambda: _unknown("category")),
        refusing("items_branch_fkey", lambda: _unknown("branch")),
    ):
        yield


def _unknown(field: str) -> BadInput:
    return BadInput({field: _("Please choose one from the list.")})


def columns(description: Description) -> dict[str, Any]:
    """A description as the columns of `items` that a person writes."""
    making = description.making
    return {
        "sku": description.sku,
        "name": description.name,
        "sort_name": description.sort_name,
        "words": description.words,
        "category_id": description.category,
        "craftsmanship": description.craftsmanship,
        "making_kind": making and making.kind,
        "making_value": making and making.value,
        "making_fineness": making and making.fineness and making.fineness.tenths,
        "wastage_percent": description.wastage_percent,
        "fixed_price": description.fixed_price,
        "serial": description.serial,
        "lot": description.lot,
        "barcode": description.barcode or None,
        "hallmark": description.hallmark,
        "low_at": description.low_at,
        "investment": description.investment,
    }


def _write_stones(uow: UnitOfWork, item: UUID, stones: tuple[Stone, ...]) -> None:
    if not stones:
        return
    rows = [
        {
            "item_id": item,
            "place": place,
            "name": stone.name,
            "count": stone.count,
            "carats": stone.carats,
            "value": stone.value,
            "lab": stone.lab,
            "certificate": stone.certificate,
        }
        for place, stone in enumerate(stones, 1)
    ]
    uow.execute(insert(item_stones), rows)
