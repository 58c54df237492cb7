"""Writing what happened at the till: one statement for a whole document, because round trips are what a sale costs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.uow import NEXT_NUMBER, UnitOfWork, refusing
from plugins.pos.domain.held import HeldCart
from plugins.pos.domain.payment import Payment
from plugins.pos.domain.refund import Refund, RefundLine
from plugins.pos.domain.sale import OldGoldLine, Sale, SaleIsVoid, SaleLine, Void
from plugins.pos.domain.takings import Takings, taken_back, taken_by, undone

_CLAIM = """
    INSERT INTO shop.till_requests (id, kind, body_hash, at) VALUES (%(key)s, %(kind)s, %(body_hash)s, %(at)s)
    ON CONFLICT DO NOTHING RETURNING true
"""

# Takings of the hour, in the statement of their document.
_MEASURES = [measure.name for measure in fields(Takings)]
_COUNT = f"""
    INSERT INTO shop.sale_hours AS h (day, hour, branch_id, currency, {", ".join(_MEASURES)})
    VALUES (%(day)s, %(hour)s, %(branch)s, %(currency)s, {", ".join(f"%({name})s" for name in _MEASURES)})
    ON CONFLICT (tenant_id, day, hour, branch_id, currency)
    DO UPDATE SET {", ".join(f"{name} = h.{name} + excluded.{name}" for name in _MEASURES)}
"""  # noqa: S608 - the names of a dataclass

# Documents arrive as JSON rows whose names are the tables' columns. The number is taken in the same statement: the
# counter stays locked until commit, and a round trip less is a sale more for the next till.
_ADD_SALE = f"""
    WITH numbered AS (
        {NEXT_NUMBER}
    ), sold AS (
        INSERT INTO shop.sales
        SELECT sale.* FROM numbered AS n, jsonb_populate_record(
            NULL::shop.sales, %(sale)s::jsonb || jsonb_build_object('number', n.value)
        ) AS sale
    ), lines AS (
        INSERT INTO shop.sale_lines SELECT * FROM json_populate_recordset(NULL::shop.sale_lines, %(lines)s::json)
    ), paid AS (
        INSERT INTO shop.sale_payments
        SELECT * FROM json_populate_recordset(NULL::shop.sale_payments, %(payments)s::json)
    ), taken AS (
        INSERT INTO shop.sale_old_gold
        SELECT * FROM json_populate_recordset(NULL::shop.sale_old_gold, %(old_gold)s::json)
    )
    {_COUNT}
    RETURNING (SELECT value FROM numbered) AS number
"""  # noqa: S608 - what is put in is a constant of the kernel

_ADD_REFUND = f"""
    WITH refunded AS (
        INSERT INTO shop.refunds SELECT * FROM json_populate_record(NULL::shop.refunds, %(refund)s::json)
    ), lines AS (
        INSERT INTO shop.refund_lines SELECT * FROM json_populate_recordset(NULL::shop.refund_lines, %(lines)s::json)
    ), paid AS (
        INSERT INTO shop.refund_payments
        SELECT * FROM json_populate_recordset(NULL::shop.refund_payments, %(payments)s::json)
    )
    {_COUNT}
"""  # noqa: S608

_ADD_VOID = "INSERT INTO shop.sale_voids SELECT * FROM json_populate_record(NULL::shop.sale_voids, %(void)s::json)"


# The cart's own key: the same request twice holds one cart, and what was recalled goes back to its place.
_HOLD = """
    INSERT INTO shop.held_carts AS there (id, branch_id, at, person, title, cart)
    VALUES (%(id)s, %(branch)s, %(at)s, %(person)s, %(title)s, %(cart)s::jsonb)
    ON CONFLICT (tenant_id, id) DO UPDATE SET at = excluded.at, person = excluded.person, title = excluded.title,
        cart = excluded.cart, recalled_at = NULL, recalled_by = NULL
    WHERE there.branch_id = excluded.branch_id
"""
# Whoever took it up gets it again: their answer may have been lost on its way.
_RECALL = """
    UPDATE shop.held_carts SET recalled_at = coalesce(recalled_at, %(now)s), recalled_by = %(person)s::uuid
    WHERE id = %(id)s AND branch_id = %(branch)s::uuid AND (recalled_at IS NULL OR recalled_by = %(person)s::uuid)
        AND NOT EXISTS (SELECT FROM shop.till_requests AS r WHERE r.id = held_carts.id)
    RETURNING cart
"""
_SWEEP_HELD = "DELETE FROM shop.held_carts WHERE at < %(before)s OR recalled_at < %(recalled)s"


def claim(uow: UnitOfWork, key: UUID, kind: str, body_hash: bytes) -> bool:
    """Take a till's key for this request. False where it was taken before; waits for whoever is just taking it."""
    values = {"key": key, "kind": kind, "body_hash": body_hash, "at": uow.now}
    return bool(uow.ask(_CLAIM, values))


def add_sale(uow: UnitOfWork, sale: Sale) -> Sale:
    """Answers the sale with its number: the next of the shop, without gaps."""
    row = {
        "tenant_id": uow.shop.id,
        "id": sale.id,
        "at": sale.at,
        "branch_id": sale.branch,
        "terminal_id": sale.terminal,
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
    }
    of_sale = {"tenant_id": uow.shop.id, "sale_id": sale.id}
    values = {
        "sale": _json(row),
        "lines": _json([{**of_sale, **_sale_line(line)} for line in sale.lines]),
        "payments": _json([{**of_sale, **_paid(line, each)} for line, each in enumerate(sale.payments, 1)]),
        "old_gold": _json([{**of_sale, **_old_gold(old)} for old in sale.old_gold]),
    }
    takings = _counted(uow, sale.at, sale.branch, sale.currency, taken_by(sale))
    uow.signal("sales")
    [written] = uow.ask(_ADD_SALE, {"counter": "sales", **values, **takings})
    return replace(sale, number=written.number)


def add_refund(uow: UnitOfWork, refund: Refund) -> None:
    row = {
        "tenant_id": uow.shop.id,
        "id": refund.id,
        "number": refund.number,
        "sale_id": refund.sale,
        "at": refund.at,
        "branch_id": refund.branch,
        "person_id": uow.actor.id,
        "person": refund.person,
        "because": refund.because,
        "exchange_id": refund.exchange,
        "currency": refund.currency,
        "total": refund.total,
        "rounding": refund.rounding,
        "due": refund.due,
    }
    of_refund = {"tenant_id": uow.shop.id, "refund_id": refund.id}
    values = {
        "refund": _json(row),
        "lines": _json([{**of_refund, "sale_id": refund.sale, **_charged(line)} for line in refund.lines]),
        "payments": _json([{**of_refund, **_paid(line, each)} for line, each in enumerate(refund.payments, 1)]),
    }
    uow.signal("sales")
    uow.ask(_ADD_REFUND, {**values, **_counted(uow, refund.at, refund.branch, refund.currency, taken_back(refund))})


def hold(uow: UnitOfWork, held: HeldCart, branch: UUID, cart: Mapping[str, Any]) -> None:
    uow.ask(
        _HOLD,
        {
            "id": held.id,
            "branch": branch,
            "at": held.at,
            "person": held.person,
            "title": held.title,
            "cart": json.dumps(cart),
        },
    )


def recall(uow: UnitOfWork, id: UUID, branch: UUID) -> Mapping[str, Any] | None:
    """Whoever takes it up is the only one."""
    rows = uow.ask(_RECALL, {"id": id, "branch": branch, "person": uow.actor.id, "now": uow.now})
    return rows[0].cart if rows else None


def sweep_held(uow: UnitOfWork, before: datetime, recalled: datetime) -> None:
    """Those that were held before the one moment, or taken up before the other."""
    uow.ask(_SWEEP_HELD, {"before": before, "recalled": recalled})


def add_void(uow: UnitOfWork, sale: Sale, void: Void) -> None:
    """Raises SaleIsVoid where somebody voided it a moment ago."""
    row = {
        "tenant_id": uow.shop.id,
        "sale_id": sale.id,
        "at": void.at,
        "person_id": uow.actor.id,
        "person": void.person,
        "because": void.because,
    }
    with refusing("sale_voids_pkey", lambda: SaleIsVoid(sale.number)):
        uow.ask(_ADD_VOID, {"void": _json(row)})


def count_void(uow: UnitOfWork, sale: Sale, void: Void) -> None:
    """In the takings of the hour of the void."""
    uow.signal("sales")
    uow.ask(_COUNT, _counted(uow, void.at, sale.branch, sale.currency, undone(sale)))


def count_anew(uow: UnitOfWork, hour: Any) -> None:
    """Write the takings of an hour as its documents sum to. Only for days that are over: nobody adds to them."""
    at = {"day": hour.day, "hour": hour.hour, "branch": hour.branch_id, "currency": hour.currency}
    uow.ask(_COUNT, {**at, **{name: getattr(hour, name) - getattr(hour, f"kept_{name}") for name in _MEASURES}})


def _sale_line(line: SaleLine) -> Mapping[str, Any]:
    return {
        **_charged(line),
        "item_id": line.item,
        "sku": line.sku,
        "name": line.name,
        "metal": line.metal,
        "price": line.price,
    }


def _charged(line: SaleLine | RefundLine) -> Mapping[str, Any]:
    return {
        "line": line.line,
        "quantity": line.quantity,
        "parts": line.parts,
        "discount": line.discount,
        "taxes": line.taxes,
        "total": line.total,
        "cost": line.cost,
        "fine": line.fine,
    }


def _paid(line: int, payment: Payment) -> Mapping[str, Any]:
    return {
        "line": line,
        "method": payment.method,
        "amount": payment.amount.amount,
        "given": payment.given.amount,
    }


def _old_gold(old: OldGoldLine) -> Mapping[str, Any]:
    return {
        "line": old.line,
        "item_id": old.item,
        "metal": old.metal,
        "weight_mg": old.weight.mg,
        "fineness": old.fineness.tenths,
        "fine": old.fine.units,
        "amount": old.amount,
        "price": old.price,
    }


def _counted(uow: UnitOfWork, at: datetime, branch: UUID, currency: str, takings: Takings) -> Mapping[str, Any]:
    """What this adds to the takings of the shop's own hour, by the clock on its wall."""
    here = at.astimezone(ZoneInfo(uow.shop.zone))
    return {"day": here.date(), "hour": here.hour, "branch": branch, "currency": currency, **asdict(takings)}


def _json(rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    # Ids and moments as PostgreSQL reads them: `str` writes both in their standard form.
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=str)
