"""The chart of accounts, and the general ledger of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.periods import Span
from kernel.uow import UnitOfWork
from plugins.accounting.actions import edit_chart
from plugins.accounting.domain.chart import KINDS, Account
from plugins.accounting.domain.journal import Document
from plugins.accounting.forms import AccountForm, NewAccountForm
from plugins.accounting.pages.shown import document_title, figure, today, unit_title
from plugins.accounting.permissions import EDIT_CHART, SEE_BOOKS
from plugins.accounting.queries import chart, ledger
from plugins.accounting.queries.ledger import LedgerEntry
from plugins.accounting.queries.trial_balance import turnovers
from web.formats import Formats
from web.listing import MOST_EXPORTED, Listing
from web.period import PERIOD, Period
from web.render import formats, page
from web.routing import get, post, redirect
from web.spreadsheet import spreadsheet


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with what it stands at today, one figure a unit."""

    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool
    figures: tuple[tuple[str, str], ...]


@get("/books/accounts", permission=SEE_BOOKS)
def list_accounts(request: Request, uow: UnitOfWork) -> Response:
    show = formats(request)
    stands: dict[UUID, list[tuple[str, str]]] = {}
    for one in turnovers(uow, today(uow), today(uow)):
        if one.closing:
            pair = (figure(show, one.closing, one.unit), unit_title(show, one.unit))
            stands.setdefault(one.account, []).append(pair)
    rows = [
        AccountRow(one.id, one.code, one.name, _(KINDS[one.kind]), one.is_active, tuple(stands.get(one.id, ())))
        for one in chart.all_accounts(uow)
    ]
    return page(request, "accounting/accounts.html", rows=rows, may_edit=uow.actor.may(EDIT_CHART.name))


@get("/books/accounts/new", permission=EDIT_CHART)
def new_account(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "accounting/new_account.html", kinds=_kinds())


@post("/books/accounts", form=NewAccountForm, permission=EDIT_CHART, again=new_account)
def add_account(request: Request, uow: UnitOfWork, form: NewAccountForm) -> Response:
    account = edit_chart.add_account(uow, form.code, form.name, form.kind)
    return redirect(f"/books/accounts/{account.id}", say=_("The account is open."))


@get("/books/accounts/{account}/edit", permission=EDIT_CHART)
def edit_account(request: Request, uow: UnitOfWork, account: UUID) -> Response:
    return page(
        request,
        "accounting/edit_account.html",
        account=chart.account(uow, account),
        kinds=_kinds(),
        is_fixed=chart.has_entries(uow, account),
    )


@post("/books/accounts/{account}", form=AccountForm, permission=EDIT_CHART, again=edit_account)
def change_account(request: Request, uow: UnitOfWork, account: UUID, form: AccountForm) -> Response:
    edit_chart.change_account(uow, account, form.code, form.name, form.kind, is_active=form.is_active)
    return redirect(f"/books/accounts/{account}", say=_("Saved."))


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, _(title)) for kind, title in KINDS.items()]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the ledger, written out."""

    journal: UUID
    number: str
    day: str
    title: str
    memo: str
    debit: str
    credit: str
    balance: str


@get("/books/accounts/{account}", permission=SEE_BOOKS)
def show_ledger(request: Request, uow: UnitOfWork, account: UUID) -> Response:
    """The account's entries in one unit over a range of days, with what it stands at after each."""
    listing = _ledger_listing(request, uow)
    asked = Ledger.of(uow, account, listing)
    entries = asked.entries(uow, listing.limit + 1, listing.offset)
    show = formats(request)
    return page(
        request,
        "accounting/ledger.html",
        block="list",
        listing=listing.seen(len(entries)),
        period=asked.period,
        account=asked.account,
        kind=_(KINDS[asked.account.kind]),
        unit=asked.unit,
        unit_title=unit_title(show, asked.unit),
        units=[(one, unit_title(show, one)) for one in asked.units],
        since=asked.since,
        until=asked.until,
        opening=figure(show, asked.opening, asked.unit) or show.number(0),
        rows=[_ledger_row(show, one, asked.unit) for one in entries[: listing.limit]],
        may_edit=uow.actor.may(EDIT_CHART.name),
    )


@get("/books/accounts/{account}/export", permission=SEE_BOOKS)
def export_ledger(request: Request, uow: UnitOfWork, account: UUID) -> Response:
    asked = Ledger.of(uow, account, _ledger_listing(request, uow))
    show = formats(request).plain
    headings = (_("Day"), _("Journal"), _("Document"), _("Note"), _("Debit"), _("Credit"), _("Balance"), _("Unit"))
    brought = (show.date(asked.since), "", _("Brought forward"), "", "", "", figure(show, asked.opening, asked.unit))
    rows = (_ledger_row(show, one, asked.unit) for one in asked.entries(uow, MOST_EXPORTED))
    cells = ((row.day, row.number, row.title, row.memo, row.debit, row.credit, row.balance) for row in rows)
    return spreadsheet(
        f"account-{asked.account.code}", headings, ((*row, asked.unit) for row in chain((brought,), cells))
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a ledger is asked for: an account in one unit over some days, and what it stood at before them."""

    account: Account
    units: list[str]
    unit: str
    period: Period
    since: date
    until: date
    opening: int

    @classmethod
    def of(cls, uow: UnitOfWork, account: UUID, listing: Listing) -> Ledger:
        found = chart.account(uow, account)
        units = ledger.units_of(uow, account)
        unit = listing.filter("unit") if listing.filter("unit") in units else next(iter(units), uow.shop.currency)
        period = Period.of(listing.filters, Span.THIS_MONTH)
        since, until = period.span
        return cls(found, units, unit, period, since, until, ledger.standing(uow, account, unit, since))

    def entries(self, uow: UnitOfWork, limit: int, offset: int = 0) -> list[LedgerEntry]:
        return ledger.entries(
            uow,
            self.account.id,
            self.unit,
            self.since,
            self.until,
            opening=self.opening,
            limit=limit,
            offset=offset,
        )


def _ledger_listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("day",), filters=("unit", *PERIOD))


def _ledger_row(show: Formats, one: LedgerEntry, unit: str) -> LedgerRow:
    return LedgerRow(
        one.journal,
        show.number(one.number),
        show.date(one.day),
        document_title(Document(one.document_kind, one.journal, one.reference)),
        one.memo,
        figure(show, max(one.amount, 0), unit),
        figure(show, max(-one.amount, 0), unit),
        figure(show, one.balance, unit) or show.number(0),
    )
