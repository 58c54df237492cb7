"""Book what happened to the stock outside the till: goods that came in, and counts that differed."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.accounting.actions.post import day_of, post
from plugins.accounting.domain import chart
from plugins.accounting.domain.journal import Document, Posting, Sheet
from plugins.accounting.domain.units import metal_unit
from plugins.inventory.public import StockAdjusted, StockReceived


def book_receipt(uow: UnitOfWork, received: StockReceived) -> None:
    """Goods at their cost, against whoever is to be paid or what the shop began with."""
    sheet = Sheet()
    sheet.debit(chart.INVENTORY, received.cost, received.currency)
    sheet.credit(chart.received(received.reason), received.cost, received.currency)
    _metal(sheet, chart.METAL_RECEIVED, received)
    document = Document("receipt", received.movement, received.sku)
    post(uow, Posting(document, day_of(uow, received.at), sheet.entries()))


def book_adjustment(uow: UnitOfWork, adjusted: StockAdjusted) -> None:
    """What was lost or found, in money and in metal; the figures carry the sign."""
    sheet = Sheet()
    sheet.debit(chart.INVENTORY, adjusted.cost, adjusted.currency)
    sheet.credit(chart.adjusted(adjusted.reason), adjusted.cost, adjusted.currency)
    _metal(sheet, chart.METAL_DIFFERENCE, adjusted)
    document = Document("adjustment", adjusted.movement, adjusted.sku)
    post(uow, Posting(document, day_of(uow, adjusted.at), sheet.entries()))


def _metal(sheet: Sheet, against: str, moved: StockReceived | StockAdjusted) -> None:
    if moved.fine:
        sheet.debit(chart.INVENTORY, moved.fine, metal_unit(moved.metal))
        sheet.credit(against, moved.fine, metal_unit(moved.metal))
