"""Documents of the till as the facts that the others hear."""

from __future__ import annotations

from plugins.pos.domain.payment import Payment
from plugins.pos.domain.refund import Refund, RefundLine
from plugins.pos.domain.sale import Sale, SaleLine, Void
from plugins.pos.events import OldGold, Paid, SaleCompleted, SaleRefunded, SaleVoided, SoldLine


def completed(sale: Sale) -> SaleCompleted:
    return SaleCompleted(
        sale.id,
        sale.number,
        sale.at,
        sale.branch,
        sale.currency,
        tuple(map(_line, sale.lines)),
        sale.rounding,
        _paid(sale.payments),
        tuple(OldGold(old.item, old.metal.value, old.weight.mg, old.fine.units, old.amount) for old in sale.old_gold),
    )


def refunded(refund: Refund) -> SaleRefunded:
    return SaleRefunded(
        refund.id,
        refund.sale,
        refund.number,
        refund.at,
        refund.branch,
        refund.currency,
        tuple(map(_line, refund.lines)),
        refund.rounding,
        _paid(refund.payments),
    )


def voided(sale: Sale, void: Void) -> SaleVoided:
    return SaleVoided(sale.id, void.at, void.because)


def _line(line: SaleLine | RefundLine) -> SoldLine:
    return SoldLine(
        line.item, line.sku, line.quantity, line.parts, line.discount, line.taxes, line.cost, line.metal, line.fine
    )


def _paid(payments: tuple[Payment, ...]) -> tuple[Paid, ...]:
    return tuple(Paid(payment.method.value, payment.amount.amount) for payment in payments)
