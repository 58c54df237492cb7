"""Writing what happened at the till: one statement for a whole document, because round trips are what a sale costs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.uow import UnitOfWork, refusing
from plugins.pos.domain.payment import Payment
from plugins.pos.domain.refund import Refund
from plugins.pos.domain.sale import Sale, SaleIsVoid, Void
from plugins.pos.tables import till_requests


def claim(uow: UnitOfWork, key: UUID, kind: str, body_hash: bytes) -> bool:
    """Take a till's key for this request. False where it was taken before; waits for whoever is just taking it."""
    wanted = upsert(till_requests).values(id=key, kind=kind, body_hash=body_hash, at=uow.now)
    return uow.execute(wanted.on_conflict_do_nothing()).rowcount == 1


_ADD_SALE = text("""
    WITH sold AS (
        INSERT INTO shop.sales (
            id, number, at, branch_id, terminal_id, seller_id, seller, language, customer_name, customer_phone,
            customer_tax_number, currency, total, exchanged, rounding, due
        ) VALUES (
            :id, :number, :at, :branch, :terminal, :seller_id, :seller, :language, :customer_name, :customer_phone,
            :customer_tax_number, :currency, :total, :exchanged, :rounding, :due
        )
    ), lines AS (
        INSERT INTO shop.sale_lines (
            sale_id, line, item_id, sku, name, quantity, metal, parts, discount, taxes, total, cost, fine, price
        )
        SELECT :id, l.* FROM json_to_recordset(CAST(:lines AS json)) AS l (
            line integer, item uuid, sku text, name text, quantity integer, metal text, parts jsonb, discount bigint,
            taxes jsonb, total bigint, cost bigint, fine bigint, price json
        )
    ), paid AS (
        INSERT INTO shop.sale_payments (sale_id, line, method, amount, given)
        SELECT :id, p.* FROM json_to_recordset(CAST(:payments AS json)) AS p (
            line integer, method text, amount bigint, given bigint
        )
    ), taken AS (
        INSERT INTO shop.sale_old_gold (sale_id, line, item_id, metal, weight_mg, fineness, fine, amount, price)
        SELECT :id, o.* FROM json_to_recordset(CAST(:old_gold AS json)) AS o (
            line integer, item uuid, metal text, weight_mg bigint, fineness integer, fine bigint, amount bigint,
            price json
        )
    )
    INSERT INTO shop.sale_days AS d (day, branch_id, currency, sales, sold) VALUES (:day, :branch, :currency, 1, :worth)
    ON CONFLICT (tenant_id, day, branch_id, currency) DO UPDATE SET sales = d.sales + 1, sold = d.sold + excluded.sold
""")

_ADD_REFUND = text("""
    WITH refunded AS (
        INSERT INTO shop.refunds (
            id, number, sale_id, at, branch_id, person_id, person, because, exchange_id, currency, total, rounding, due
        ) VALUES (
            :id, :number, :sale, :at, :branch, :person_id, :person, :because, :exchange, :currency, :total, :rounding,
            :due
        )
    ), lines AS (
        INSERT INTO shop.refund_lines (
            refund_id, sale_id, line, quantity, parts, discount, taxes, total, cost, fine
        )
        SELECT :id, :sale, l.* FROM json_to_recordset(CAST(:lines AS json)) AS l (
            line integer, quantity integer, parts jsonb, discount bigint, taxes jsonb, total bigint, cost bigint,
            fine bigint
        )
    ), paid AS (
        INSERT INTO shop.refund_payments (refund_id, line, method, amount)
        SELECT :id, p.* FROM json_to_recordset(CAST(:payments AS json)) AS p (line integer, method text, amount bigint)
    )
    INSERT INTO shop.sale_days AS d (day, branch_id, currency, refunds, refunded)
    VALUES (:day, :branch, :currency, 1, :due)
    ON CONFLICT (tenant_id, day, branch_id, currency)
    DO UPDATE SET refunds = d.refunds + 1, refunded = d.refunded + excluded.refunded
""")

_ADD_VOID = text("""
    WITH undone AS (
        INSERT INTO shop.sale_voids (sale_id, at, person_id, person, because)
        VALUES (:sale, :at, :person_id, :person, :because)
    )
    INSERT INTO shop.sale_days AS d (day, branch_id, currency, voids, voided)
    VALUES (:day, :branch, :currency, 1, :worth)
    ON CONFLICT (tenant_id, day, branch_id, currency)
    DO UPDATE SET voids = d.voids + 1, voided = d.voided + excluded.voided
""")


def add_sale(uow: UnitOfWork, sale: Sale) -> None:
    lines = [
        {
            "line": line.line,
            "item": str(line.item),
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "metal": line.metal,
            "parts": line.parts,
            "discount": line.discount,
            "taxes": line.taxes,
            "total": line.total,
            "cost": line.cost,
            "fine": line.fine,
            "price": line.price,
        }
        for line in sale.lines
    ]
    old_gold = [
        {
            "line": old.line,
            "item": str(old.item),
            "metal": old.metal,
            "weight_mg": old.weight.mg,
            "fineness": old.fineness.tenths,
            "fine": old.fine.units,
            "amount": old.amount,
            "price": old.price,
        }
        for old in sale.old_gold
    ]
    uow.execute(
        _ADD_SALE,
        {
            "id": sale.id,
            "number": sale.number,
            "at": sale.at,
            "day": _day(uow, sale.at),
            "branch": sale.branch,
            "terminal": sale.terminal,
            "seller_id": uow.actor.id,
            "seller": sale.seller,
            "language": sale.language,
            "customer_name": sale.customer.name,
            "customer_phone": sale.customer.phone,
            "customer_tax_number": sale.customer.tax_number,
            "currency": sale.currency,
            "total": sale.total,
            "exchanged": sale.exchanged,
            "rounding": sale.rounding,
            "due": sale.due,
            "worth": sale.worth,
            "lines": _json(lines),
            "payments": _json(_payments(sale.payments)),
            "old_gold": _json(old_gold),
        },
    )


def add_refund(uow: UnitOfWork, refund: Refund) -> None:
    lines = [
        {
            "line": line.line,
            "quantity": line.quantity,
            "parts": line.parts,
            "discount": line.discount,
            "taxes": line.taxes,
            "total": line.total,
            "cost": line.cost,
            "fine": line.fine,
        }
        for line in refund.lines
    ]
    uow.execute(
        _ADD_REFUND,
        {
            "id": refund.id,
            "number": refund.number,
            "sale": refund.sale,
            "at": refund.at,
            "day": _day(uow, refund.at),
            "branch": refund.branch,
            "person_id": uow.actor.id,
            "person": refund.person,
            "because": refund.because,
            "exchange": refund.exchange,
            "currency": refund.currency,
            "total": refund.total,
            "rounding": refund.rounding,
            "due": refund.due,
            "lines": _json(lines),
            "payments": _json(_payments(refund.payments)),
        },
    )


def add_void(uow: UnitOfWork, sale: Sale, void: Void) -> None:
    """Raises SaleIsVoid where somebody voided it a moment ago."""
    with refusing("sale_voids_pkey", lambda: SaleIsVoid(sale.number)):
        uow.execute(
            _ADD_VOID,
            {
                "sale": sale.id,
                "at": void.at,
                "day": _day(uow, void.at),
                "branch": sale.branch,
                "currency": sale.currency,
                "worth": sale.worth,
                "person_id": uow.actor.id,
                "person": void.person,
                "because": void.because,
            },
        )


def _payments(payments: Sequence[Payment]) -> list[Mapping[str, Any]]:
    return [
        {
            "line": line,
            "method": payment.method,
            "amount": payment.amount.amount,
            "given": payment.given.amount,
        }
        for line, payment in enumerate(payments, 1)
    ]


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _day(uow: UnitOfWork, at: datetime) -> date:
    """The shop's own day, midnight to midnight where it stands."""
    return at.astimezone(ZoneInfo(uow.shop.zone)).date()
