"""Journals: the list, one with its entries, one by hand, and its reversal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.ids import new_id
from kernel.money import DECIMALS
from kernel.uow import UnitOfWork
from plugins.accounting.actions.post_by_hand import post_by_hand
from plugins.accounting.actions.reverse import reverse
from plugins.accounting.domain.journal import DOCUMENTS
from plugins.accounting.domain.units import METAL_TITLES, is_metal
from plugins.accounting.forms import JournalForm, ReversalForm
from plugins.accounting.pages.paper import as_file, book_sheet
from plugins.accounting.pages.shown import (
    document_address,
    document_title,
    figure,
    today,
    unit_title,
)
from plugins.accounting.permissions import POST_BY_HAND, SEE_BOOKS
from plugins.accounting.queries import chart, journals
from plugins.shop.public import Column, Figure, SheetPrinter, Table
from plugins.shop.public import Row as Line
from web.formats import Formats
from web.listing import MOST_EXPORTED, Listing
from web.period import PERIOD, Period
from web.render import formats, page
from web.routing import get, post, redirect
from web.spreadsheet import spreadsheet

LINES_FIRST = 4  #: Of an empty form; the browser adds more.


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, written out."""

    id: UUID
    number: str
    day: str
    title: str
    memo: str
    actor: str
    amount: str


@get("/books", permission=SEE_BOOKS)
def list_journals(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    found = journals.newest(
        uow, _wanted(listing), unit=uow.shop.currency, limit=listing.limit + 1, offset=listing.offset
    )
    return page(
        request,
        "accounting/journals.html",
        block="list",
        listing=listing.seen(len(found)),
        period=Period.of(listing.filters),
        rows=[_row(formats(request), one, uow.shop.currency) for one in found[: listing.limit]],
        kinds=[(kind, _(title).format(reference="").strip(" :")) for kind, title in DOCUMENTS.items()],
        may_post=uow.actor.may(POST_BY_HAND.name),
        unit=uow.shop.currency,
    )


@get("/books/export", permission=SEE_BOOKS)
def export_journals(request: Request, uow: UnitOfWork) -> Response:
    unit = uow.shop.currency
    found = journals.newest(uow, _wanted(_listing(request, uow)), unit=unit, limit=MOST_EXPORTED)
    headings = (_("Number"), _("Day"), _("Document"), _("Note"), _("Person"), _("Amount"), _("Unit"))
    rows = (_row(formats(request).plain, one, unit) for one in found)
    cells = ((row.number, row.day, row.title, row.memo, row.actor, row.amount, unit) for row in rows)
    return spreadsheet("journals", headings, cells)


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("-day",), filters=("number", "kind", *PERIOD))


def _wanted(listing: Listing) -> journals.Wanted:
    period = Period.of(listing.filters)
    return journals.Wanted(listing.filter("number"), listing.filter("kind"), period.first, period.last)


def _row(show: Formats, one: journals.JournalRow, unit: str) -> Row:
    return Row(
        one.id,
        show.number(one.number),
        show.date(one.day),
        document_title(one.document),
        one.memo,
        one.actor,
        figure(show, one.amount, unit),
    )


@get("/books/journals/new", permission=POST_BY_HAND)
def new_journal(request: Request, uow: UnitOfWork) -> Response:
    show = formats(request)
    return page(
        request,
        "accounting/new_journal.html",
        id=new_id(),
        day=today(uow),
        lines=_lines_shown(request),
        accounts=[
            (one.id, f"{show.digits(one.code)} · {one.name}") for one in chart.all_accounts(uow) if one.is_active
        ],
        units=[(unit, unit_title(show, unit)) for unit in _units(uow)],
    )


def _lines_shown(request: Request) -> int:
    """As many as were typed, and room for one more."""
    typed = request.state.draft.data.get("lines", ())
    return max(LINES_FIRST, len(typed) + 1)


def _units(uow: UnitOfWork) -> list[str]:
    """The shop's own currency first, then the metals, then what else there is."""
    first = [uow.shop.currency, *METAL_TITLES]
    return [*first, *(currency for currency in DECIMALS if currency not in first)]


@post("/books/journals", form=JournalForm, permission=POST_BY_HAND, again=new_journal)
def post_journal(request: Request, uow: UnitOfWork, form: JournalForm) -> Response:
    posted = post_by_hand(uow, form.id, form.day, form.memo, form.entries)
    return redirect(f"/books/journals/{posted.id}", say=_("Posted as journal {number}.").format(number=posted.number))


@get("/books/journals/{journal}", permission=SEE_BOOKS)
def show_journal(request: Request, uow: UnitOfWork, journal: UUID) -> Response:
    return _journal_page(request, uow, journal, "accounting/journal.html")


@get("/books/journals/{journal}/pdf", permission=SEE_BOOKS)
def print_journal(request: Request, uow: UnitOfWork, journal: UUID, printer: SheetPrinter) -> Response:
    found = journals.journal(uow, journal)
    show = formats(request)
    about = ((_("Day"), show.date(found.day)), (_("Document"), document_title(found.document)), (_("Note"), found.memo))
    table = Table(
        columns=(
            Column(_("Code")),
            Column(_("Account"), is_wide=True),
            Column(_("Unit")),
            Column(_("Debit"), is_number=True),
            Column(_("Credit"), is_number=True),
        ),
        rows=tuple(
            Line((show.digits(one.code), one.name, one.unit, one.debit, one.credit)) for one in _entries(show, found)
        ),
    )
    title = _("Journal {number}").format(number=show.number(found.number))
    facts = (Figure(name, value) for name, value in about if value)
    sheet = book_sheet(uow, show, title, show.date(found.day), facts=facts, tables=(table,))
    return as_file(printer.sheet(sheet), f"journal-{found.number}")


@get("/books/journals/{journal}/reversal", permission=POST_BY_HAND)
def ask_reversal(request: Request, uow: UnitOfWork, journal: UUID) -> Response:
    return _journal_page(request, uow, journal, "accounting/reversal.html")


@post("/books/journals/{journal}/reversal", form=ReversalForm, permission=POST_BY_HAND, again=ask_reversal)
def reverse_journal(request: Request, uow: UnitOfWork, journal: UUID, form: ReversalForm) -> Response:
    reversal = reverse(uow, journal, form.because)
    said = _("Reversed by journal {number}. Both stay in the books.").format(number=reversal.number)
    return redirect(f"/books/journals/{reversal.id}", say=said)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of a journal, written out."""

    account: UUID
    code: str
    name: str
    unit: str
    is_metal: bool
    debit: str
    credit: str


def _journal_page(request: Request, uow: UnitOfWork, id: UUID, template: str) -> Response:
    journal = journals.journal(uow, id)
    show = formats(request)
    entries = _entries(show, journal)
    return page(
        request,
        template,
        journal=journal,
        title=document_title(journal.document),
        address=document_address(uow, journal.document),
        entries=entries,
        may_reverse=uow.actor.may(POST_BY_HAND.name) and not journal.reverses and not journal.reversed_by,
    )


def _entries(show: Formats, journal: journals.Journal) -> list[EntryRow]:
    return [
        EntryRow(
            one.account,
            one.code,
            one.name,
            unit_title(show, one.unit),
            is_metal(one.unit),
            figure(show, max(one.amount, 0), one.unit),
            figure(show, max(-one.amount, 0), one.unit),
        )
        for one in journal.entries
    ]
