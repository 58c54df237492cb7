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
    sheet = _moved(chart.INVENTORY, chart.received(received.reason), chart.METAL_RECEIVED, received)
    document = Document("receipt", received.movement, received.sku)
    post(uow, Posting(document, day_of(uow, received.at), sheet.entries()))


def book_adjustment(uow: UnitOfWork, adjusted: StockAdjusted) -> None:
    """What was lost or found, in money and in metal; the figures carry the sign."""
    stock = chart.SCRAP if adjusted.kind == "scrap" else chart.INVENTORY
    sheet = _moved(stock, chart.adjusted(adjusted.reason), chart.METAL_DIFFERENCE, adjusted)
    document = Document("adjustment", adjusted.movement, adjusted.sku)
    post(uow, Posting(document, day_of(uow, adjusted.at), sheet.entries()))


def _moved(stock: str, against: str, metal_against: str, moved: StockReceived | StockAdjusted) -> Sheet:
    """Into the stock, in money and in metal; out of it where the figures are below zero."""
    sheet = Sheet()
    sheet.debit(stock, moved.cost, moved.currency)
    sheet.credit(against, moved.cost, moved.currency)
    if moved.fine:
        sheet.debit(stock, moved.fine, metal_unit(moved.metal))
        sheet.credit(metal_against, moved.fine, metal_unit(moved.metal))
    return sheet
