"""Reading single items, whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.metal import Fineness, Metal, Weight
from kernel.uow import UnitOfWork
from plugins.inventory.domain.item import Description, Item, Kind, Making, MakingKind, Stone, Weighed
from plugins.inventory.tables import item_stones, items

_of_stone = (
    item_stones.c.name,
    item_stones.c.count,
    item_stones.c.carats,
    item_stones.c.value,
    item_stones.c.lab,
    item_stones.c.certificate,
)


def item(uow: UnitOfWork, item: UUID) -> Item:
    """Raises NotFound."""
    row = uow.execute(select(items).where(items.c.id == item)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such item."))
    stones = uow.execute(select(*_of_stone).where(item_stones.c.item_id == item).order_by(item_stones.c.place))
    return _item(row, stones.all())


def whole_items(uow: UnitOfWork, ids: Iterable[UUID]) -> list[Item]:
    """Many at once, in two statements, in the order of their ids."""
    wanted = bindparam("wanted", list(ids), type_=ARRAY(Uuid))
    rows = uow.execute(select(items).where(items.c.id == any_(wanted)).order_by(items.c.id)).all()
    in_order = item_stones.c.item_id, item_stones.c.place
    of_all = select(item_stones.c.item_id, *_of_stone).where(item_stones.c.item_id == any_(wanted)).order_by(*in_order)
    stones = {
        item: [row[1:] for row in many] for item, many in groupby(uow.execute(of_all), key=lambda row: row.item_id)
    }
    return [_item(row, stones.get(row.id, ())) for row in rows]


def _item(row: Row[Any], stones: Sequence[Any]) -> Item:
    return Item(
        id=row.id,
        kind=Kind(row.kind),
        branch=row.branch_id,
        description=Description(
            sku=row.sku,
            name=row.name,
            category=row.category_id,
            craftsmanship=row.craftsmanship,
            making=making_of(row),
            wastage_percent=row.wastage_percent,
            fixed_price=row.fixed_price,
            serial=row.serial,
            lot=row.lot,
            barcode=row.barcode or "",
            hallmark=row.hallmark,
            low_at=row.low_at,
            stones=tuple(Stone(*stone) for stone in stones),
            investment=row.investment,
        ),
        weighed=Weighed(
            metal=row.metal and Metal(row.metal),
            stamped=row.stamped and Fineness(row.stamped),
            assayed=row.assayed and Fineness(row.assayed),
            gross=Weight(row.gross_mg),
            net=Weight(row.net_mg),
        ),
        on_hand=row.on_hand,
        worth=row.worth,
        unit_cost=row.unit_cost,
        active=row.active,
        version=row.version,
    )


_LOW = """
    SELECT id, sku, name, on_hand, low_at FROM shop.items
    WHERE low_at IS NOT NULL AND on_hand <= low_at AND active ORDER BY on_hand, id LIMIT %(most)s
"""


def running_low(uow: UnitOfWork, *, limit: int) -> list[Any]:
    """Counted goods of which there are as few as somebody said is few, the fewest first."""
    return uow.ask(_LOW, {"most": limit})


def making_of(row: Row[Any]) -> Making | None:
    if row.making_kind is None:
        return None
    fineness = row.making_fineness and Fineness(row.making_fineness)
    return Making(MakingKind(row.making_kind), row.making_value, fineness)
