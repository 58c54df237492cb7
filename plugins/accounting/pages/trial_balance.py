"""The trial balance: money and one metal side by side, over any range of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.accounting.pages.shown import days_in, figure, unit_title
from plugins.accounting.permissions import SEE_BOOKS
from plugins.accounting.queries import chart
from plugins.accounting.queries.trial_balance import Turnover, turnovers
from web.formats import Formats
from web.listing import Listing
from web.render import formats, page
from web.routing import get

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


@get("/books/trial-balance", permission=SEE_BOOKS)
def show_trial_balance(request: Request, uow: UnitOfWork) -> Response:
    listing = Listing.of(request, sorts=("code",), filters=("since", "until", "beside"))
    since, until = days_in(listing, uow)
    money = uow.shop.currency
    others = [unit for unit in chart.units(uow) if unit != money]
    asked = listing.filter("beside")
    beside = asked if asked in others else BESIDE if BESIDE in others or not others else others[0]
    turned = [one for one in turnovers(uow, since, until) if one.unit in (money, beside)]
    show = formats(request)
    return page(
        request,
        "accounting/trial_balance.html",
        block="list",
        listing=listing,
        since=since,
        until=until,
        beside=beside,
        others=[(unit, unit_title(show, unit)) for unit in others],
        money_title=unit_title(show, money),
        beside_title=unit_title(show, beside),
        rows=_rows(show, turned, money, beside),
        money_sums=_sums(show, turned, money),
        beside_sums=_sums(show, turned, beside),
    )


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
