"""What was sold: the list, one sale with its receipt, and voiding it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.digits import latin
from kernel.errors import NotFound
from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.pos import queries
from plugins.pos.actions.exchange import exchange
from plugins.pos.actions.void import void
from plugins.pos.domain.choices import PAPER
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.receipt import Paper
from plugins.pos.forms import ExchangeForm, VoidForm
from plugins.pos.pages.receipt import receipt_of
from plugins.pos.pages.till import show_till
from plugins.pos.permissions import REFUND, SEE_SALES, VOID
from plugins.pos.ports import Printer, Seal
from web.formats import Formats
from web.forms import Form
from web.listing import MOST_EXPORTED, Listing
from web.period import PERIOD, Period
from web.render import formats, page
from web.routing import get, post, redirect
from web.spreadsheet import spreadsheet

STATES = {"done": N_("Completed"), "refunded": N_("With refunds"), "void": N_("Voided")}


class LanguageQuery(Form):
    language: Literal["en", "fa"] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A sale as the list shows it."""

    id: UUID
    number: str
    at: str
    branch: str
    seller: str
    customer: str
    due: str
    state: str


@get("/sales", permission=SEE_SALES)
def list_sales(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    found = queries.newest(uow, _wanted(uow, listing), limit=listing.limit + 1, offset=listing.offset)
    places = branches.branches(uow)
    return page(
        request,
        "pos/sales.html",
        block="list",
        listing=listing.seen(len(found)),
        period=Period.of(listing.filters),
        rows=_rows(formats(request), found[: listing.limit], places),
        branches=[(each.id, each.name) for each in places],
        states=[(state, _(title)) for state, title in STATES.items()],
    )


@get("/sales/export", permission=SEE_SALES)
def export_sales(request: Request, uow: UnitOfWork) -> Response:
    found = queries.newest(uow, _wanted(uow, _listing(request, uow)), limit=MOST_EXPORTED)
    rows = _rows(formats(request).plain, found, branches.branches(uow))
    headings = (
        _("Number"), _("When"), _("Branch"), _("Seller"), _("Customer"), _("Total"), _("Currency"), _("State"),
    )  # fmt: skip
    cells = (
        (row.number, row.at, row.branch, row.seller, row.customer, row.due, sale.due.currency, _(STATES[row.state]))
        for row, sale in zip(rows, found, strict=True)
    )
    return spreadsheet("sales", headings, cells)


@get("/sales/{sale}", permission=SEE_SALES)
def show_sale(request: Request, uow: UnitOfWork, sale: UUID) -> Response:
    found = queries.sale(uow, sale)
    return page(
        request,
        "pos/sale.html",
        sale=found,
        refunds=queries.refunds_of(uow, sale),
        receipt=receipt_of(uow, found),
        may_void=uow.actor.may(VOID.name) and found.void is None and not found.came_back and not found.is_exchange,
        may_refund=uow.actor.may(REFUND.name) and found.void is None and any(line.left for line in found.lines),
    )


@get("/sales/{sale}/receipt", permission=SEE_SALES, query=LanguageQuery)
def preview_receipt(request: Request, uow: UnitOfWork, sale: UUID, query: LanguageQuery) -> Response:
    """The receipt alone, for the browser's own printing."""
    return page(request, "pos/receipt.html", receipt=receipt_of(uow, queries.sale(uow, sale), query.language))


@get("/sales/{sale}/receipt/{paper}", permission=SEE_SALES, query=LanguageQuery)
def print_receipt(uow: UnitOfWork, sale: UUID, paper: str, query: LanguageQuery, printer: Printer) -> Response:
    """The receipt as a PDF on this paper; `print` is the shop's own choice."""
    found = queries.sale(uow, sale)
    receipt = receipt_of(uow, found, query.language, on_paper=True, copies=paper == "print")
    pdf = printer.receipt(receipt, paper_named(uow, paper))
    return as_file(pdf, f"receipt-{found.number}")


@post("/sales/{sale}/void", form=VoidForm, permission=VOID, again=show_sale)
def void_sale(request: Request, uow: UnitOfWork, sale: UUID, form: VoidForm) -> Response:
    undone = void(uow, sale, form)
    return redirect(f"/sales/{sale}", say=_("Sale {number} is void.").format(number=undone.number))


@get("/sales/{sale}/exchange", permission=REFUND)
def choose_returns(request: Request, uow: UnitOfWork, sale: UUID) -> Response:
    """Which goods come back for others; the till then does the rest."""
    return page(request, "pos/exchange.html", sale=queries.sale(uow, sale))


@post("/sales/{sale}/exchanges", form=ExchangeForm, permission=REFUND, again=show_till)
def exchange_goods(request: Request, uow: UnitOfWork, sale: UUID, form: ExchangeForm, seal: Seal) -> Response:
    made = exchange(uow, sale, form, Quote.opened(form.quote, uow.shop.id, seal.sign))
    return page(request, "pos/done.html", block="till", sale=made, receipt=receipt_of(uow, made))


def paper_named(uow: UnitOfWork, name: str) -> Paper:
    """Raises NotFound."""
    try:
        return Paper(uow.setting(PAPER) if name == "print" else name)
    except ValueError:
        raise NotFound from None


def as_file(pdf: bytes, name: str) -> Response:
    """Shown by the browser; saved under a name that says what it is."""
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("-at",), filters=("text", "branch", "state", *PERIOD))


def _wanted(uow: UnitOfWork, listing: Listing) -> queries.Wanted:
    text = latin(listing.filter("text")).lstrip("#").strip()
    is_number = text.isdecimal() and len(text) < 10 and not text.startswith("0")
    first, until = Period.of(listing.filters).moments(uow.shop.zone)
    return queries.Wanted(
        number=int(text) if is_number else None,
        phone="" if is_number else text,
        branch=_uuid(listing.filter("branch")),
        first=first,
        until=until,
        state=listing.filter("state"),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _rows(show: Formats, found: Sequence[queries.SaleRow], places: Sequence[branches.Branch]) -> list[Row]:
    names = {each.id: each.name for each in places}
    return [
        Row(
            each.id,
            show.digits(each.number),
            show.datetime(each.at),
            names.get(each.branch, ""),
            each.seller,
            each.customer,
            show.amount(each.due),
            "void" if each.is_void else "refunded" if each.is_refunded else "done",
        )
        for each in found
    ]
