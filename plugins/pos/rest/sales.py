"""Sell, list, refund, exchange and void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.pos import queries
from plugins.pos.actions.exchange import exchange
from plugins.pos.actions.refund import refund
from plugins.pos.actions.sell import sell
from plugins.pos.actions.void import void
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.refund import Refund
from plugins.pos.domain.sale import Sale
from plugins.pos.forms import ExchangeForm, RefundForm, SaleForm, SaleRequest, VoidForm
from plugins.pos.permissions import REFUND, SEE_SALES, SELL, VOID
from plugins.pos.ports import Seal
from web.cursors import PageOfDays, at_and_id, opened, pack
from web.forms import Code, CountField, Uuid
from web.routing import get, post


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """`parts` are before discount and without tax. `returned` of its pieces came back since."""

    line: int
    item: UUID
    sku: str
    name: str
    quantity: int
    returned: int
    parts: dict[str, int]
    discount: int
    taxes: dict[str, int]
    total: int
    fine: int


@dataclass(frozen=True, slots=True)
class OldGoldAnswer:
    item: UUID
    metal: str
    weight_mg: int
    fineness: str
    fine: int
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """`amount` stays with the shop of what was `given`; the rest was change."""

    method: str
    amount: int
    given: int


@dataclass(frozen=True, slots=True)
class CustomerAnswer:
    name: str
    phone: str
    tax_number: str


@dataclass(frozen=True, slots=True)
class VoidAnswer:
    at: datetime
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class SaleAnswer:
    id: UUID
    number: int
    at: datetime
    branch: UUID
    terminal: UUID
    seller: str
    language: str
    customer: CustomerAnswer
    currency: str
    lines: list[LineAnswer]
    old_gold: list[OldGoldAnswer]
    payments: list[PaymentAnswer]
    total: int
    exchanged: int
    rounding: int
    due: int
    change: int
    void: VoidAnswer | None


@dataclass(frozen=True, slots=True)
class RefundedLineAnswer:
    line: int
    item: UUID
    sku: str
    quantity: int
    parts: dict[str, int]
    discount: int
    taxes: dict[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    id: UUID
    number: int
    sale: UUID
    at: datetime
    branch: UUID
    person: str
    because: str
    currency: str
    lines: list[RefundedLineAnswer]
    payments: list[PaymentAnswer]
    total: int
    rounding: int
    due: int


@dataclass(frozen=True, slots=True)
class RowAnswer:
    id: UUID
    number: int
    at: datetime
    branch: UUID
    seller: str
    customer: str
    currency: str
    due: int
    is_void: bool
    is_refunded: bool


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The newest first. `next` is the `after` of the following page; null on the last one."""

    sales: list[RowAnswer]
    next: str | None


class ListQuery(PageOfDays):
    """Which sales, and which page of them; `phone` is the customer's."""

    number: CountField | None = None
    phone: Code = ""
    branch: Uuid | None = None
    state: Literal["done", "refunded", "void"] | None = None


@post("/api/v1/sales", permission=SELL, form=SaleRequest, answers=SaleAnswer, status=201)
def api_sell(request: Request, uow: UnitOfWork, form: SaleRequest, seal: Seal) -> SaleAnswer | Response:
    """Complete a sale. The same key with the same body answers the first sale again, with 200."""
    wanted = SaleForm.model_construct(**{**dict(form), "id": _key(request, form.id)})
    return _made(sell(uow, wanted, Quote.opened(form.quote, uow.shop.id, seal.sign)))


@get("/api/v1/sales", permission=SEE_SALES, query=ListQuery, answers=ListAnswer)
def api_list_sales(request: Request, uow: UnitOfWork, query: ListQuery) -> ListAnswer:
    """Sales with what came back of them, the newest first."""
    first, until = query.moments(uow.shop.zone)
    wanted = queries.Wanted(
        number=query.number,
        phone=query.phone,
        branch=query.branch,
        first=first,
        until=until,
        state=query.state or "",
        before=opened(query.after, at_and_id),
    )
    found = queries.newest(uow, wanted, limit=query.limit + 1)
    more = len(found) > query.limit
    return ListAnswer([_row(each) for each in found[: query.limit]], _packed(found[query.limit - 1]) if more else None)


@get("/api/v1/sales/{sale}", permission=SEE_SALES, answers=SaleAnswer)
def api_show_sale(request: Request, uow: UnitOfWork, sale: UUID) -> SaleAnswer:
    """One sale with its lines, payments and prices as they were."""
    return _sale(queries.sale(uow, sale))


@post("/api/v1/sales/{sale}/refunds", permission=REFUND, form=RefundForm, answers=RefundAnswer, status=201)
def api_refund(request: Request, uow: UnitOfWork, sale: UUID, form: RefundForm) -> RefundAnswer | Response:
    """Take goods back; without lines, all that is left. `id` is the key of this refund."""
    wanted = form.model_copy(update={"id": _key(request, form.id if "id" in form.model_fields_set else None)})
    made = refund(uow, sale, wanted)
    return _refund(made) if made.is_new else _again(RefundAnswer, _refund(made))


@post("/api/v1/sales/{sale}/exchanges", permission=REFUND, form=ExchangeForm, answers=SaleAnswer, status=201)
def api_exchange(
    request: Request, uow: UnitOfWork, sale: UUID, form: ExchangeForm, seal: Seal
) -> SaleAnswer | Response:
    """Goods of this sale come back and pay for others. Answers the new sale."""
    return _made(exchange(uow, sale, form, Quote.opened(form.quote, uow.shop.id, seal.sign)))


@post("/api/v1/sales/{sale}/void", permission=VOID, form=VoidForm, answers=SaleAnswer)
def api_void(request: Request, uow: UnitOfWork, sale: UUID, form: VoidForm) -> SaleAnswer:
    """Take a sale of today back as if it had not been; the reason stays with it."""
    return _sale(void(uow, sale, form))


@get("/api/v1/refunds/{refund}", permission=SEE_SALES, answers=RefundAnswer)
def api_show_refund(request: Request, uow: UnitOfWork, refund: UUID) -> RefundAnswer:
    """One refund with what came back and what was paid."""
    return _refund(queries.refund(uow, refund))


def _key(request: Request, in_body: UUID | None) -> UUID:
    """The sale's own key: from the body, or the Idempotency-Key where that is a UUID. Raises BadInput."""
    if in_body is not None:
        return in_body
    try:
        return UUID(request.headers.get("idempotency-key", "").strip('"'))
    except ValueError:
        raise BadInput({"id": _("Send a UUID of your own making, here or as the header Idempotency-Key.")}) from None


def _made(sale: Sale) -> SaleAnswer | Response:
    return _sale(sale) if sale.is_new else _again(SaleAnswer, _sale(sale))


def _again(kind: type[Any], answer: Any) -> Response:
    """What was made before, once more: nothing new was created."""
    return Response(TypeAdapter(kind).dump_json(answer), 200, media_type="application/json")


def _sale(sale: Sale) -> SaleAnswer:
    return SaleAnswer(
        id=sale.id,
        number=sale.number,
        at=sale.at,
        branch=sale.branch,
        terminal=sale.terminal,
        seller=sale.seller,
        language=sale.language,
        customer=CustomerAnswer(sale.customer.name, sale.customer.phone, sale.customer.tax_number),
        currency=sale.currency,
        lines=[
            LineAnswer(
                line=line.line,
                item=line.item,
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                returned=line.returned,
                parts=dict(line.parts),
                discount=line.discount,
                taxes=dict(line.taxes),
                total=line.total,
                fine=line.fine,
            )
            for line in sale.lines
        ],
        old_gold=[
            OldGoldAnswer(old.item, old.metal.value, old.weight.mg, str(old.fineness), old.fine.units, old.amount)
            for old in sale.old_gold
        ],
        payments=[PaymentAnswer(each.method.value, each.amount.amount, each.given.amount) for each in sale.payments],
        total=sale.total,
        exchanged=sale.exchanged,
        rounding=sale.rounding,
        due=sale.due,
        change=sale.change.amount,
        void=VoidAnswer(sale.void.at, sale.void.person, sale.void.because) if sale.void else None,
    )


def _refund(made: Refund) -> RefundAnswer:
    return RefundAnswer(
        id=made.id,
        number=made.number,
        sale=made.sale,
        at=made.at,
        branch=made.branch,
        person=made.person,
        because=made.because,
        currency=made.currency,
        lines=[
            RefundedLineAnswer(
                line.line,
                line.item,
                line.sku,
                line.quantity,
                dict(line.parts),
                line.discount,
                dict(line.taxes),
                line.total,
            )
            for line in made.lines
        ],
        payments=[PaymentAnswer(each.method.value, each.amount.amount, each.given.amount) for each in made.payments],
        total=made.total,
        rounding=made.rounding,
        due=made.due,
    )


def _row(row: queries.SaleRow) -> RowAnswer:
    return RowAnswer(
        row.id,
        row.number,
        row.at,
        row.branch,
        row.seller,
        row.customer,
        row.due.currency,
        row.due.amount,
        row.is_void,
        row.is_refunded,
    )


def _packed(row: queries.SaleRow) -> str:
    return pack(row.at.isoformat(), row.id)
