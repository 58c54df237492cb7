"""Book what the till did: a sale, goods that came back, a sale that never was."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.uow import UnitOfWork
from plugins.accounting.actions.post import day_of, post
from plugins.accounting.actions.reverse import undo
from plugins.accounting.domain import chart
from plugins.accounting.domain.journal import Document, Posting, Sheet
from plugins.accounting.domain.units import metal_unit
from plugins.accounting.queries.journals import journal_of
from plugins.pos.public import Paid, SaleCompleted, SaleRefunded, SaleVoided, SoldLine


def book_sale(uow: UnitOfWork, sold: SaleCompleted) -> None:
    """Money and old gold come in, revenue and taxes stand against them; goods go out at their cost and weight."""
    sheet = Sheet()
    _payments(sheet, sold.payments, sold.currency, +1)
    for old in sold.old_gold:
        sheet.debit(chart.SCRAP, old.amount, sold.currency)
        sheet.debit(chart.SCRAP, old.fine, metal_unit(old.metal))
        sheet.credit(chart.METAL_BOUGHT, old.fine, metal_unit(old.metal))
    _goods(sheet, sold.lines, sold.currency, +1)
    sheet.credit(chart.ROUNDING, sold.rounding, sold.currency)
    document = Document("sale", sold.sale, str(sold.number))
    post(uow, Posting(document, day_of(uow, sold.at), sheet.entries()))


def book_refund(uow: UnitOfWork, refunded: SaleRefunded) -> None:
    """The same the other way round, with the figures of the goods' own sale."""
    sheet = Sheet()
    _payments(sheet, refunded.payments, refunded.currency, -1)
    _goods(sheet, refunded.lines, refunded.currency, -1)
    sheet.debit(chart.ROUNDING, refunded.rounding, refunded.currency)
    document = Document("refund", refunded.refund, str(refunded.number))
    post(uow, Posting(document, day_of(uow, refunded.at), sheet.entries()))


def book_void(uow: UnitOfWork, voided: SaleVoided) -> None:
    """The sale's journal, reversed. A sale that is not in the books yet is posted and undone with the earlier ones."""
    journal = journal_of(uow, "sale", voided.sale)
    if journal is not None:
        undo(uow, journal, Document("void", voided.sale), day_of(uow, voided.at), voided.because)


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
