"""The trial balance: money and one metal side by side, over any range of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.periods import Span
from kernel.uow import UnitOfWork
from plugins.accounting.pages.paper import as_file, book_sheet
from plugins.accounting.pages.shown import figure, unit_title
from plugins.accounting.permissions import SEE_BOOKS
from plugins.accounting.queries import chart
from plugins.accounting.queries.trial_balance import Turnover, turnovers
from plugins.shop.public import Column, Kind, Row, SheetPrinter, Table
from web.formats import Formats
from web.listing import Listing
from web.period import PERIOD, Period
from web.render import formats, page
from web.routing import get
from web.spreadsheet import spreadsheet

#: What stands beside the money where the shop has not asked for another unit.
BESIDE = "XAU"

Figures = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """An account: opening, debit, credit and closing in each of the two units, written out."""

    account: UUID
    code: str
    name: str
    money: Figures
    beside: Figures


@dataclass(frozen=True, slots=True)
class Balance:
    """What a trial balance is asked for, and what it found: `money` beside another unit, over the days of `period`."""

    period: Period
    since: date
    until: date
    money: str
    beside: str
    others: list[str]
    turned: list[Turnover]

    @classmethod
    def of(cls, uow: UnitOfWork, listing: Listing) -> Balance:
        money = uow.shop.currency
        period = Period.of(listing.filters, Span.THIS_MONTH)
        since, until = period.span
        others = [unit for unit in chart.units(uow) if unit != money]
        asked = listing.filter("beside")
        beside = asked if asked in others else BESIDE if BESIDE in others or not others else others[0]
        turned = [one for one in turnovers(uow, since, until) if one.unit in (money, beside)]
        return cls(period, since, until, money, beside, others, turned)


@get("/books/trial-balance", permission=SEE_BOOKS)
def show_trial_balance(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    asked = Balance.of(uow, listing)
    show = formats(request)
    return page(
        request,
        "accounting/trial_balance.html",
        block="list",
        listing=listing,
        period=asked.period,
        since=asked.since,
        until=asked.until,
        beside=asked.beside,
        others=[(unit, unit_title(show, unit)) for unit in asked.others],
        money_title=unit_title(show, asked.money),
        beside_title=unit_title(show, asked.beside),
        rows=_rows(show, asked.turned, asked.money, asked.beside),
        money_sums=_sums(show, asked.turned, asked.money),
        beside_sums=_sums(show, asked.turned, asked.beside),
    )


@get("/books/trial-balance/export", permission=SEE_BOOKS)
def export_trial_balance(request: Request, uow: UnitOfWork) -> Response:
    asked = Balance.of(uow, _listing(request, uow))
    show = formats(request).plain
    columns = (_("Opening"), _("Debit"), _("Credit"), _("Closing"))
    units = [unit_title(show, unit) for unit in (asked.money, asked.beside)]
    headings = (_("Code"), _("Account"), *(f"{column} ({unit})" for unit in units for column in columns))
    rows = _rows(show, asked.turned, asked.money, asked.beside)
    return spreadsheet("trial-balance", headings, ((row.code, row.name, *row.money, *row.beside) for row in rows))


@get("/books/trial-balance/pdf", permission=SEE_BOOKS)
def print_trial_balance(request: Request, uow: UnitOfWork, printer: SheetPrinter) -> Response:
    asked = Balance.of(uow, _listing(request, uow))
    show = formats(request)
    money, beside = asked.money, asked.beside
    figures = [Column(title, is_number=True) for title in (_("Opening"), _("Debit"), _("Credit"), _("Closing"))]
    rows = _rows(show, asked.turned, money, beside)
    (debit, credit), (fine_debit, fine_credit) = (_sums(show, asked.turned, unit) for unit in (money, beside))
    sums = ("", _("Sum"), "", debit, credit, "", "", fine_debit, fine_credit, "")
    table = Table(
        columns=(Column(_("Code")), Column(_("Account"), is_wide=True), *figures, *figures),
        rows=(
            *(Row((show.digits(row.code), row.name, *row.money, *row.beside)) for row in rows),
            Row(sums, Kind.SUM),
        ),
        groups=(("", 2), (unit_title(show, money), 4), (unit_title(show, beside), 4)),
    )
    days = _("From {since} until {until}").format(since=show.date(asked.since), until=show.date(asked.until))
    sheet = book_sheet(uow, show, _("Trial balance"), days, tables=(table,), is_wide=True)
    return as_file(printer.sheet(sheet), "trial-balance")


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("code",), filters=(*PERIOD, "beside"))


def _rows(show: Formats, turned: Sequence[Turnover], money: str, beside: str) -> list[BalanceRow]:
    by_account: dict[UUID, dict[str, Turnover]] = {}
    for one in turned:
        if one.opening or one.debit or one.credit:
            by_account.setdefault(one.account, {})[one.unit] = one
    return [
        BalanceRow(account, any_.code, any_.name, _figures(show, units.get(money)), _figures(show, units.get(beside)))
        for account, units in by_account.items()
        for any_ in [next(iter(units.values()))]
    ]


def _figures(show: Formats, one: Turnover | None) -> Figures:
    if one is None:
        return ("", "", "", "")
    opening, debit, credit, closing = (
        figure(show, amount, one.unit) for amount in (one.opening, one.debit, one.credit, one.closing)
    )
    return opening, debit, credit, closing


def _sums(show: Formats, turned: Iterable[Turnover], unit: str) -> tuple[str, str]:
    """What all accounts together were debited and credited: the same figure twice, or the books are broken."""
    inside = [one for one in turned if one.unit == unit]
    debit, credit = sum(one.debit for one in inside), sum(one.credit for one in inside)
    return figure(show, debit, unit) or show.number(0), figure(show, credit, unit) or show.number(0)
