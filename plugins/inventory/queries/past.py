"""What the stock told when it happened, made again from the ledger: for plugins that were not there to listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Text, Uuid, cast, func, select, true

from kernel.uow import UnitOfWork
from plugins.inventory.domain.imports import ImportState
from plugins.inventory.domain.reasons import ADJUSTMENTS, Reason
from plugins.inventory.events import StockAdjusted, StockReceived
from plugins.inventory.tables import imports, items
from plugins.inventory.tables import stock_movements as m

_TOLD = [Reason.RECEIVED.value, Reason.CORRECTED.value, *(reason.value for reason in ADJUSTMENTS)]


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has heard: the last movement, and the last import with how many of its metals."""

    movement: UUID | None = None
    entered: UUID | None = None
    metals: int = 0

    @classmethod
    def read(cls, written: str) -> Place:
        """The other way round of `str`."""
        movement, entered, metals = written.split(" ") if written else ("-", "-", "0")
        return cls(_id(movement), _id(entered), int(metals))

    def __str__(self) -> str:
        return f"{self.movement or '-'} {self.entered or '-'} {self.metals}"


def _id(written: str) -> UUID | None:
    return None if written == "-" else UUID(written)


def movements_after(uow: UnitOfWork, movement: UUID | None, limit: int) -> list[StockReceived | StockAdjusted]:
    """Goods that came in one by one, and adjustments."""
    following = (
        select(
            m.c.id,
            m.c.item_id,
            m.c.at,
            m.c.quantity,
            m.c.cost,
            m.c.fine,
            m.c.reason,
            items.c.sku,
            items.c.metal,
            items.c.kind,
        )
        .select_from(m.join(items, items.c.id == m.c.item_id))
        .where(m.c.reason.in_(_TOLD), m.c.id > movement if movement else true())
        .order_by(m.c.id)
        .limit(limit)
    )
    return [_moved(row, uow.shop.currency) for row in uow.execute(following)]


def import_after(uow: UnitOfWork, entered: UUID | None, metals: int) -> tuple[UUID, Sequence[StockReceived]] | None:
    """The import at hand with what is left of its metals, or the next one."""
    if entered is not None and (left := _metals(uow, entered)[metals:]):
        return entered, left
    following = select(imports.c.id).where(
        imports.c.state == ImportState.DONE.value, imports.c.id > entered if entered else true()
    )
    found: UUID | None = uow.execute(following.order_by(imports.c.id).limit(1)).scalar_one_or_none()
    return (found, _metals(uow, found)) if found else None


def _metals(uow: UnitOfWork, entered: UUID) -> list[StockReceived]:
    """What an import brought in, once per metal, as it was told when it was entered."""
    metal = func.coalesce(items.c.metal, "")
    # The same as in store/imports.py: PostgreSQL has no least uuid, but the text of one sorts like it.
    first = [cast(func.min(cast(column, Text)), Uuid) for column in (m.c.id, m.c.item_id)]
    came_in = (
        select(
            metal.label("metal"),
            first[0].label("id"),
            first[1].label("item_id"),
            func.min(m.c.at).label("at"),
            func.count().label("items"),
            cast(func.sum(m.c.quantity), BigInteger).label("quantity"),
            cast(func.sum(m.c.cost), BigInteger).label("cost"),
            cast(func.sum(m.c.fine), BigInteger).label("fine"),
            func.min(items.c.sku).label("first_sku"),
            func.max(items.c.sku).label("last_sku"),
        )
        .select_from(m.join(items, items.c.id == m.c.item_id))
        .where(m.c.document == entered, m.c.reason == Reason.IMPORTED.value)
        .group_by(items.c.metal)
        .order_by(items.c.metal)
    )
    return [
        StockReceived(
            row.id,
            row.item_id,
            row.first_sku if row.items == 1 else f"{row.first_sku} … {row.last_sku}",
            row.at,
            row.quantity,
            uow.shop.currency,
            row.cost,
            row.metal,
            row.fine,
            Reason.IMPORTED.value,
            row.items,
        )
        for row in uow.execute(came_in)
    ]


def _moved(row: Row[Any], currency: str) -> StockReceived | StockAdjusted:
    facts = (row.id, row.item_id, row.sku, row.at, row.quantity, currency, row.cost, row.metal or "", row.fine)
    if row.reason == Reason.RECEIVED:
        return StockReceived(*facts, row.reason)
    return StockAdjusted(*facts, row.reason, row.kind)
