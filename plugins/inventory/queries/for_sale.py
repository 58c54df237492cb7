"""What the till asks about items. Every sale comes through here, so it is one statement, written out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.uow import UnitOfWork
from plugins.inventory.domain.for_sale import ItemForSale, StoneForSale
from plugins.inventory.domain.item import Kind

_FOR_SALE = """
    SELECT i.id, i.sku, i.name, i.kind, i.category_id, c.name AS category_name, c.path, i.craftsmanship, i.branch_id,
        i.metal, i.fineness, i.gross_mg, i.net_mg, i.fine, i.making_kind, i.making_value, i.making_fineness,
        i.wastage_percent, i.fixed_price, i.worth, i.unit_cost, i.on_hand, i.barcode, i.active, i.investment,
        s.name AS stone, s.count AS stone_count, s.carats, s.value AS stone_value
    FROM shop.items AS i
    LEFT JOIN shop.categories AS c ON c.id = i.category_id
    LEFT JOIN shop.item_stones AS s ON s.item_id = i.id
    WHERE i.id = ANY (%(ids)s::uuid[])
    ORDER BY i.id, s.place
"""


def for_sale(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, ItemForSale]:
    """Items by id; ids that are not known are left out."""
    rows = uow.ask(_FOR_SALE, {"ids": list(ids)})
    stones: dict[UUID, list[StoneForSale]] = {}
    for row in rows:
        if row.stone is not None:
            stone = StoneForSale(row.stone, row.stone_count, row.carats, row.stone_value)
            stones.setdefault(row.id, []).append(stone)
    first_rows = {row.id: row for row in reversed(rows)}
    return {row.id: _for_sale(row, tuple(stones.get(row.id, ()))) for row in first_rows.values()}


def _for_sale(row: Any, stones: tuple[StoneForSale, ...]) -> ItemForSale:
    making = None
    if row.making_kind is not None:
        making = {"kind": row.making_kind, "value": str(row.making_value), "fineness": row.making_fineness}
    return ItemForSale(
        id=row.id,
        sku=row.sku,
        name=row.name,
        kind=Kind(row.kind),
        category=row.category_id,
        category_name=row.category_name or "",
        category_path=tuple(row.path or ()),
        craftsmanship=row.craftsmanship,
        branch=row.branch_id,
        metal=Metal(row.metal) if row.metal else None,
        fineness=Fineness(row.fineness) if row.fineness else None,
        gross=Weight(row.gross_mg),
        net=Weight(row.net_mg),
        fine=FineWeight(row.fine),
        stones=stones,
        making=making,
        wastage_percent=row.wastage_percent,
        fixed_price=row.fixed_price,
        cost=row.worth // row.on_hand if row.on_hand else row.unit_cost,
        on_hand=row.on_hand,
        barcode=row.barcode or "",
        active=row.active,
        investment=row.investment,
    )
