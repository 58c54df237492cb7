"""Goods that come back: which, why, and how the money is given; and the credit note for them."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.ids import new_id
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos import queries
from plugins.pos.actions.refund import refund
from plugins.pos.domain.payment import METHODS, Method
from plugins.pos.forms import RefundForm
from plugins.pos.pages.receipt import refund_receipt_of
from plugins.pos.pages.sales import LanguageQuery, as_file, paper_named
from plugins.pos.permissions import REFUND, SEE_SALES
from plugins.pos.ports import Printer
from web.render import page
from web.routing import get, post, redirect

SIGNS = {Method.CASH: "banknote", Method.CARD: "credit-card", Method.TRANSFER: "landmark"}


@get("/sales/{sale}/refund", permission=REFUND)
def ask_refund(request: Request, uow: UnitOfWork, sale: UUID) -> Response:
    found = queries.sale(uow, sale)
    given_back = queries.given_back(uow, sale)
    return page(
        request,
        "pos/refund.html",
        sale=found,
        key=new_id(),
        left=Money(found.worth - given_back, found.currency),
        methods=[(each.value, _(METHODS[each]), SIGNS[each]) for each in Method if each is not Method.EXCHANGE],
    )


@post("/sales/{sale}/refunds", form=RefundForm, permission=REFUND, again=ask_refund)
def refund_goods(request: Request, uow: UnitOfWork, sale: UUID, form: RefundForm) -> Response:
    made = refund(uow, sale, form)
    return redirect(f"/refunds/{made.id}", say=_("The goods are back in stock."))


@get("/refunds/{refund}", permission=SEE_SALES)
def show_refund(request: Request, uow: UnitOfWork, refund: UUID) -> Response:
    found = queries.refund(uow, refund)
    sale = queries.sale(uow, found.sale)
    return page(request, "pos/refunded.html", refund=found, sale=sale, receipt=refund_receipt_of(uow, found, sale))


@get("/refunds/{refund}/receipt/{paper}", permission=SEE_SALES, query=LanguageQuery)
def print_refund(uow: UnitOfWork, refund: UUID, paper: str, query: LanguageQuery, printer: Printer) -> Response:
    found = queries.refund(uow, refund)
    sale = queries.sale(uow, found.sale)
    receipt = refund_receipt_of(uow, found, sale, query.language, on_paper=True, copies=paper == "print")
    return as_file(printer.receipt(receipt, paper_named(uow, paper)), f"credit-note-{found.number}")
