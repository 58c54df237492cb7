"""What a document does to the takings, and what takings sum to. Amounts are minor units, gold is in fine units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from kernel.metal import Metal
from plugins.pos.domain.payment import Method, Payment
from plugins.pos.domain.refund import Refund, RefundLine
from plugins.pos.domain.sale import Sale, SaleLine


@dataclass(frozen=True, slots=True)
class Takings:
    """What a till took. A refund or a void counts when it happens, not when its sale did.

    `pieces`, `gold` (the fine weight in them), `revenue` (before tax), `cost` and `cash` are what stays after those.
    """

    sales: int = 0
    sold: int = 0
    refunds: int = 0
    refunded: int = 0
    voids: int = 0
    voided: int = 0
    pieces: int = 0
    gold: int = 0
    revenue: int = 0
    cost: int = 0
    cash: int = 0

    def __add__(self, other: Takings) -> Takings:
        return Takings(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def net(self) -> int:
        """What customers gave for what they kept, tax included."""
        return self.sold - self.refunded - self.voided

    @property
    def profit(self) -> int:
        """Gross profit: what goods brought before tax, less what they cost."""
        return self.revenue - self.cost


NOTHING = Takings()


def taken_by(sale: Sale) -> Takings:
    return _moved(sale.lines, sale.payments, 1, sales=1, sold=sale.worth)


def taken_back(refund: Refund) -> Takings:
    return _moved(refund.lines, refund.payments, -1, refunds=1, refunded=refund.due)


def undone(sale: Sale) -> Takings:
    return _moved(sale.lines, sale.payments, -1, voids=1, voided=sale.worth)


def _moved(lines: Iterable[SaleLine | RefundLine], payments: Iterable[Payment], sign: int, **counted: int) -> Takings:
    lines = tuple(lines)
    return Takings(
        **counted,
        pieces=sign * sum(line.quantity for line in lines),
        gold=sign * sum(line.fine for line in lines if line.metal == Metal.GOLD),
        revenue=sign * sum(sum(line.parts.values()) - line.discount for line in lines),
        cost=sign * sum(line.cost for line in lines),
        cash=sign * sum(payment.amount.amount for payment in payments if payment.method is Method.CASH),
    )
