"""What other plugins may know of the till."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.pos import queries
from plugins.pos.actions import tell
from plugins.pos.actions.price import price_each
from plugins.pos.domain.refund import Refund
from plugins.pos.domain.sale import Sale
from plugins.pos.domain.takings import Takings
from plugins.pos.events import OldGold, Paid, SaleCompleted, SaleRefunded, SaleVoided, SoldLine
from plugins.pos.queries import Kind, Place

__all__ = [
    "OldGold", "Paid", "SaleCompleted", "SaleRefunded", "SaleVoided", "SoldLine", "Takings", "price_each",
    "takings", "told_since",
]  # fmt: skip

Told = SaleCompleted | SaleRefunded | SaleVoided


def told_since(uow: UnitOfWork, place: str, limit: int) -> list[tuple[str, Told]]:
    """What happened after `place` (empty: from the beginning), the oldest first, as it was told then.

    Each with its place, to go on from. For plugins that were not there to listen.
    """
    following = queries.documents_after(uow, Place.read(place) if place else None, limit)
    sales = queries.sales_by_id(uow, {each.id for each in following if each.kind is not Kind.REFUND})
    refunds = queries.refunds_by_id(uow, {each.id for each in following if each.kind is Kind.REFUND})
    return [(str(each), _told(each, sales, refunds)) for each in following]


def takings(uow: UnitOfWork, first: date, last: date) -> Mapping[date, Takings]:
    """What the till took, by day."""
    return queries.takings(uow, first, last)


def _told(place: Place, sales: Mapping[UUID, Sale], refunds: Mapping[UUID, Refund]) -> Told:
    if place.kind is Kind.REFUND:
        return tell.refunded(refunds[place.id])
    sale = sales[place.id]
    if place.kind is Kind.SALE:
        return tell.completed(sale)
    assert sale.void is not None
    return tell.voided(sale, sale.void)
