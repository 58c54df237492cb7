"""What the till and the stock tell, as a bookkeeper reads it: which document it is, and which entries it makes."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.accounting.domain import chart
from plugins.accounting.domain.journal import Document, Entry, Sheet
from plugins.accounting.domain.units import metal_unit
from plugins.inventory.public import StockAdjusted, StockReceived
from plugins.pos.public import Paid, SaleCompleted, SaleRefunded, SaleVoided, SoldLine

#: A void is booked by turning its sale's journal round; everything else says its entries itself.
WithEntries = SaleCompleted | SaleRefunded | StockReceived | StockAdjusted
Told = WithEntries | SaleVoided


def document_of(told: Told) -> Document:
    match told:
        case SaleCompleted():
            return Document("sale", told.sale, str(told.number))
        case SaleRefunded():
            return Document("refund", told.refund, str(told.number))
        case SaleVoided():
            return Document("void", told.sale)
        case StockReceived():
            return Document("receipt", told.movement, told.sku)
        case StockAdjusted():
            return Document("adjustment", told.movement, told.sku)


def entries_of(told: WithEntries) -> tuple[Entry, ...]:
    """None where nothing moved that is worth anything."""
    match told:
        case SaleCompleted():
            return _sale(told).entries()
        case SaleRefunded():
            return _refund(told).entries()
        case StockReceived():
            # Goods at their cost, against whoever is to be paid or what the shop began with.
            return _moved(chart.INVENTORY, chart.received(told.reason), chart.METAL_RECEIVED, told).entries()
        case StockAdjusted():
            # What was lost or found, in money and in metal; the figures carry the sign.
            stock = chart.SCRAP if told.kind == "scrap" else chart.INVENTORY
            return _moved(stock, chart.adjusted(told.reason), chart.METAL_DIFFERENCE, told).entries()


def _sale(sold: SaleCompleted) -> Sheet:
    """Money and old gold come in, revenue and taxes stand against them; goods go out at their cost and weight."""
    sheet = Sheet()
    _payments(sheet, sold.payments, sold.currency, +1)
    for old in sold.old_gold:
        sheet.debit(chart.SCRAP, old.amount, sold.currency)
        sheet.debit(chart.SCRAP, old.fine, metal_unit(old.metal))
        sheet.credit(chart.METAL_BOUGHT, old.fine, metal_unit(old.metal))
    _goods(sheet, sold.lines, sold.currency, +1)
    sheet.credit(chart.ROUNDING, sold.rounding, sold.currency)
    return sheet


def _refund(refunded: SaleRefunded) -> Sheet:
    """The same the other way round, with the figures of the goods' own sale."""
    sheet = Sheet()
    _payments(sheet, refunded.payments, refunded.currency, -1)
    _goods(sheet, refunded.lines, refunded.currency, -1)
    sheet.debit(chart.ROUNDING, refunded.rounding, refunded.currency)
    return sheet


def _payments(sheet: Sheet, payments: Iterable[Paid], currency: str, sign: int) -> None:
    for payment in payments:
        sheet.debit(chart.paid(payment.method), sign * payment.amount, currency)


def _goods(sheet: Sheet, lines: Iterable[SoldLine], currency: str, sign: int) -> None:
    """Goods that leave (`sign` +1) or come back (-1)."""
    for line in lines:
        for component, amount in line.parts.items():
            sheet.credit(chart.revenue(component), sign * amount, currency)
        sheet.debit(chart.DISCOUNT, sign * line.discount, currency)
        for tax, amount in line.taxes.items():
            sheet.credit(chart.tax(tax), sign * amount, currency)
        sheet.debit(chart.COST_OF_GOODS, sign * line.cost, currency)
        sheet.credit(chart.INVENTORY, sign * line.cost, currency)
        if line.fine:
            sheet.debit(chart.METAL_SOLD, sign * line.fine, metal_unit(line.metal))
            sheet.credit(chart.INVENTORY, sign * line.fine, metal_unit(line.metal))


def _moved(stock: str, against: str, metal_against: str, moved: StockReceived | StockAdjusted) -> Sheet:
    """Into the stock, in money and in metal; out of it where the figures are below zero."""
    sheet = Sheet()
    sheet.debit(stock, moved.cost, moved.currency)
    sheet.credit(against, moved.cost, moved.currency)
    if moved.fine:
        sheet.debit(stock, moved.fine, metal_unit(moved.metal))
        sheet.credit(metal_against, moved.fine, metal_unit(moved.metal))
    return sheet
