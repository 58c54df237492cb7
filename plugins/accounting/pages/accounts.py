"""The chart of accounts, and the general ledger of each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.accounting.actions import edit_chart
from plugins.accounting.domain.chart import KINDS
from plugins.accounting.domain.journal import Document
from plugins.accounting.forms import AccountForm, NewAccountForm
from plugins.accounting.pages.shown import days_in, document_title, figure, today, unit_title
from plugins.accounting.permissions import EDIT_CHART, SEE_BOOKS
from plugins.accounting.queries import chart, ledger
from plugins.accounting.queries.trial_balance import turnovers
from web.listing import Listing
from web.render import formats, page
from web.routing import get, post, redirect


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
    found = chart.account(uow, account)
    listing = Listing.of(request, sorts=("day",), filters=("unit", "since", "until"))
    units = ledger.units_of(uow, account)
    unit = listing.filter("unit") if listing.filter("unit") in units else next(iter(units), uow.shop.currency)
    since, until = days_in(listing, uow)
    opening = ledger.standing(uow, account, unit, since)
    entries = ledger.entries(
        uow, account, unit, since, until, opening=opening, limit=listing.limit + 1, offset=listing.offset
    )
    show = formats(request)
    rows = [
        LedgerRow(
            one.journal,
            show.number(one.number),
            show.date(one.day),
            document_title(Document(one.document_kind, one.journal, one.reference)),
            one.memo,
            figure(show, max(one.amount, 0), unit),
            figure(show, max(-one.amount, 0), unit),
            figure(show, one.balance, unit) or show.number(0),
        )
        for one in entries[: listing.limit]
    ]
    return page(
        request,
        "accounting/ledger.html",
        block="list",
        listing=listing.with_more(len(entries) > listing.limit),
        account=found,
        kind=_(KINDS[found.kind]),
        unit=unit,
        unit_title=unit_title(show, unit),
        units=[(one, unit_title(show, one)) for one in units],
        since=since,
        until=until,
        opening=figure(show, opening, unit) or show.number(0),
        rows=rows,
        may_edit=uow.actor.may(EDIT_CHART.name),
    )
