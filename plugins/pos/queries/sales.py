"""One sale with all that belongs to it, and the lists of sales."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select, true, tuple_

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos.domain.payment import Method, Payment
from plugins.pos.domain.sale import Customer, OldGoldLine, Sale, SaleLine, Void
from plugins.pos.tables import (
    refund_lines,
    refunds,
    sale_lines,
    sale_old_gold,
    sale_payments,
    sale_voids,
    sales,
    till_requests,
)


def request_hash(uow: UnitOfWork, key: UUID) -> bytes:
    """What was asked for under a key that is taken."""
    found: bytes = uow.execute(select(till_requests.c.body_hash).where(till_requests.c.id == key)).scalar_one()
    return found


def sale(uow: UnitOfWork, id: UUID) -> Sale:
    """Raises NotFound."""
    found = _whole(uow, _SALES.where(sales.c.id == id))
    if not found:
        raise NotFound(_("There is no such sale."))
    return found[0]


def sale_numbered(uow: UnitOfWork, number: int) -> UUID | None:
    """The sale that has this number."""
    found: UUID | None = uow.execute(select(sales.c.id).where(sales.c.number == number)).scalar_one_or_none()
    return found


def sales_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, Sale]:
    """Whole sales, in as many statements for one as for a hundred."""
    return {found.id: found for found in _whole(uow, _SALES.where(sales.c.id.in_(ids)))} if ids else {}


_SALES = select(
    sales,
    sale_voids.c.at.label("voided_at"),
    sale_voids.c.person.label("voided_by"),
    sale_voids.c.because.label("voided_because"),
).select_from(sales.outerjoin(sale_voids, sale_voids.c.sale_id == sales.c.id))


def _whole(uow: UnitOfWork, wanted: Select[Any]) -> list[Sale]:
    found = uow.execute(wanted).all()
    ids = [row.id for row in found]
    if not ids:
        return []
    back = (
        select(refund_lines.c.sale_id, refund_lines.c.line, func.sum(refund_lines.c.quantity).label("returned"))
        .where(refund_lines.c.sale_id.in_(ids))
        .group_by(refund_lines.c.sale_id, refund_lines.c.line)
        .subquery()
    )
    lines = _by_sale(
        uow,
        select(sale_lines, func.coalesce(back.c.returned, 0).label("returned"))
        .select_from(
            sale_lines.outerjoin(back, (back.c.sale_id == sale_lines.c.sale_id) & (back.c.line == sale_lines.c.line))
        )
        .where(sale_lines.c.sale_id.in_(ids))
        .order_by(sale_lines.c.line),
    )
    payments = _by_sale(
        uow, select(sale_payments).where(sale_payments.c.sale_id.in_(ids)).order_by(sale_payments.c.line)
    )
    old_gold = _by_sale(
        uow, select(sale_old_gold).where(sale_old_gold.c.sale_id.in_(ids)).order_by(sale_old_gold.c.line)
    )
    return [_sale(row, lines.get(row.id, ()), payments.get(row.id, ()), old_gold.get(row.id, ())) for row in found]


def _by_sale(uow: UnitOfWork, wanted: Select[Any]) -> Mapping[UUID, Sequence[Row[Any]]]:
    rows: dict[UUID, list[Row[Any]]] = {}
    for row in uow.execute(wanted):
        rows.setdefault(row.sale_id, []).append(row)
    return rows


def _sale(row: Row[Any], lines: Sequence[Row[Any]], payments: Sequence[Row[Any]], old_gold: Sequence[Row[Any]]) -> Sale:
    return Sale(
        row.id,
        row.number,
        row.at,
        row.branch_id,
        row.terminal_id,
        row.seller,
        row.language,
        Customer(row.customer_name, row.customer_phone, row.customer_tax_number),
        row.currency,
        tuple(
            SaleLine(
                line.line,
                line.item_id,
                line.sku,
                line.name,
                line.quantity,
                line.metal,
                line.parts,
                line.discount,
                line.taxes,
                line.total,
                line.cost,
                line.fine,
                line.price,
                int(line.returned),
            )
            for line in lines
        ),
        tuple(
            OldGoldLine(
                old.line,
                old.item_id,
                Metal(old.metal),
                Weight(old.weight_mg),
                Fineness(old.fineness),
                FineWeight(old.fine),
                old.amount,
                old.price,
            )
            for old in old_gold
        ),
        tuple(
            Payment(Method(paid.method), Money(paid.amount, row.currency), Money(paid.given, row.currency))
            for paid in payments
        ),
        row.total,
        row.exchanged,
        row.rounding,
        row.due,
        Void(row.voided_at, row.voided_by, row.voided_because) if row.voided_at else None,
    )


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale as a list shows it."""

    id: UUID
    number: int
    at: datetime
    branch: UUID
    seller: str
    customer: str
    due: Money
    is_void: bool
    is_refunded: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `before` is where the page before ended."""

    number: int | None = None
    phone: str = ""
    branch: UUID | None = None
    first: datetime | None = None
    until: datetime | None = None
    state: str = ""
    before: tuple[datetime, UUID] | None = None


def newest(uow: UnitOfWork, wanted: Wanted, *, limit: int, offset: int = 0) -> list[SaleRow]:
    """The newest sales first."""
    is_void = exists().where(sale_voids.c.sale_id == sales.c.id)
    is_refunded = exists().where(refunds.c.sale_id == sales.c.id)
    shown = select(
        sales.c.id,
        sales.c.number,
        sales.c.at,
        sales.c.branch_id,
        sales.c.seller,
        sales.c.customer_name,
        sales.c.customer_phone,
        sales.c.due,
        sales.c.currency,
        is_void.label("is_void"),
        is_refunded.label("is_refunded"),
    ).where(
        sales.c.number == wanted.number if wanted.number is not None else true(),
        sales.c.customer_phone == wanted.phone if wanted.phone else true(),
        sales.c.branch_id == wanted.branch if wanted.branch else true(),
        sales.c.at >= wanted.first if wanted.first else true(),
        sales.c.at < wanted.until if wanted.until else true(),
        {"void": is_void, "refunded": is_refunded, "done": ~is_void & ~is_refunded}.get(wanted.state, true()),
        tuple_(sales.c.at, sales.c.id) < tuple_(*wanted.before) if wanted.before else true(),
    )
    rows = uow.execute(shown.order_by(sales.c.at.desc(), sales.c.id.desc()).limit(limit).offset(offset))
    return [_row(row) for row in rows]


def _row(row: Any) -> SaleRow:
    return SaleRow(
        row.id,
        row.number,
        row.at,
        row.branch_id,
        row.seller,
        row.customer_name or row.customer_phone,
        Money(row.due, row.currency),
        row.is_void,
        row.is_refunded,
    )


_LATEST = """
    SELECT s.id, s.number, s.at, s.branch_id, s.seller, s.customer_name, s.customer_phone, s.due, s.currency,
        EXISTS (SELECT FROM shop.sale_voids AS v WHERE v.sale_id = s.id) AS is_void,
        EXISTS (SELECT FROM shop.refunds AS r WHERE r.sale_id = s.id) AS is_refunded
    FROM shop.sales AS s ORDER BY s.at DESC, s.id DESC LIMIT %(most)s
"""


def latest(uow: UnitOfWork, most: int) -> list[SaleRow]:
    """The same without conditions, for Today: to put a statement together takes longer than to run this one."""
    return [_row(row) for row in uow.ask(_LATEST, {"most": most})]
