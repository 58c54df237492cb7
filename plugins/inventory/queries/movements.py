"""Reading the ledger of movements."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.metal import FineWeight
from kernel.uow import UnitOfWork
from plugins.inventory.domain.moved import Movement
from plugins.inventory.tables import stock_movements as m

_line = (m.c.id, m.c.at, m.c.quantity, m.c.on_hand, m.c.cost, m.c.fine, m.c.reason, m.c.note, m.c.document, m.c.person)


def movements_of(uow: UnitOfWork, item: UUID, *, limit: int = 50, offset: int = 0) -> list[Movement]:
    """The newest first."""
    newest = select(*_line).where(m.c.item_id == item).order_by(m.c.id.desc()).limit(limit).offset(offset)
    return [
        Movement(r.id, r.at, r.quantity, r.on_hand, r.cost, FineWeight(r.fine), r.reason, r.note, r.document, r.person)
        for r in uow.execute(newest)
    ]
