"""What came back from a sale."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos.domain.payment import Method, Payment
from plugins.pos.domain.refund import Refund, RefundLine
from plugins.pos.tables import refund_lines, refund_payments, refunds, sale_lines, sales


def refund(uow: UnitOfWork, id: UUID) -> Refund:
    """Raises NotFound."""
    found = _whole(uow, _REFUNDS.where(refunds.c.id == id))
    if not found:
        raise NotFound(_("There is no such refund."))
    return found[0]


def refunds_of(uow: UnitOfWork, sale: UUID) -> list[Refund]:
    """All that came back from a sale, oldest first."""
    return _whole(uow, _REFUNDS.where(refunds.c.sale_id == sale).order_by(refunds.c.number))


def refunds_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Refund]:
    """Whole refunds, in as many statements for one as for a hundred."""
    return {found.id: found for found in _whole(uow, _REFUNDS.where(refunds.c.id.in_(ids)))} if ids else {}


def refund_for(uow: UnitOfWork, exchange: UUID) -> Refund:
    """The refund of the goods that were exchanged for this sale. Raises NotFound."""
    found = _whole(uow, _REFUNDS.where(refunds.c.exchange_id == exchange))
    if not found:
        raise NotFound(_("There is no such refund."))
    return found[0]


def given_back(uow: UnitOfWork, sale: UUID) -> int:
    """How much of what was paid for a sale went back already."""
    summed = select(func.coalesce(func.sum(refunds.c.due), 0)).where(refunds.c.sale_id == sale)
    return int(uow.execute(summed).scalar_one())


_REFUNDS = select(refunds, sales.c.number.label("sale_number")).select_from(
    refunds.join(sales, sales.c.id == refunds.c.sale_id)
)


def _whole(uow: UnitOfWork, wanted: Select[Any]) -> list[Refund]:
    found = uow.execute(wanted).all()
    ids = [row.id for row in found]
    if not ids:
        return []
    lines: dict[UUID, list[RefundLine]] = {id: [] for id in ids}
    for row in uow.execute(
        select(refund_lines, sale_lines.c.item_id, sale_lines.c.sku, sale_lines.c.name, sale_lines.c.metal)
        .select_from(
            refund_lines.join(
                sale_lines,
                (sale_lines.c.sale_id == refund_lines.c.sale_id) & (sale_lines.c.line == refund_lines.c.line),
            )
        )
        .where(refund_lines.c.refund_id.in_(ids))
        .order_by(refund_lines.c.line)
    ):
        lines[row.refund_id].append(
            RefundLine(
                row.line,
                row.item_id,
                row.sku,
                row.name,
                row.quantity,
                row.metal,
                row.parts,
                row.discount,
                row.taxes,
                row.total,
                row.cost,
                row.fine,
            )
        )
    payments: dict[UUID, list[Payment]] = {id: [] for id in ids}
    currencies = {row.id: row.currency for row in found}
    for row in uow.execute(
        select(refund_payments).where(refund_payments.c.refund_id.in_(ids)).order_by(refund_payments.c.line)
    ):
        amount = Money(row.amount, currencies[row.refund_id])
        payments[row.refund_id].append(Payment(Method(row.method), amount, amount))
    return [
        Refund(
            row.id,
            row.number,
            row.sale_id,
            row.sale_number,
            row.at,
            row.branch_id,
            row.person,
            row.because,
            row.currency,
            tuple(lines[row.id]),
            tuple(payments[row.id]),
            row.total,
            row.rounding,
            row.exchange_id,
        )
        for row in found
    ]
