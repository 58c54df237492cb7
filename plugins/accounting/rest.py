"""The books for programs: journals, accounts, the trial balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from starlette.requests import Request

from kernel.calendars import Calendar, first_of_month
from kernel.errors import BadInput
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.accounting.actions.post_by_hand import post_by_hand
from plugins.accounting.actions.reverse import reverse
from plugins.accounting.domain.units import written
from plugins.accounting.forms import DaysQuery, JournalForm, JournalQuery, ReversalForm
from plugins.accounting.pages.shown import today
from plugins.accounting.permissions import POST_BY_HAND, SEE_BOOKS
from plugins.accounting.queries import chart, journals
from plugins.accounting.queries.trial_balance import turnovers
from web.routing import get, post


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class AccountsAnswer:
    accounts: list[AccountAnswer]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """`amount` is what it moves in the shop's currency."""

    id: UUID
    number: int
    day: date
    document_kind: str
    document: UUID
    reference: str
    memo: str
    actor: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class JournalsAnswer:
    """`next` is the `after` of the next page; empty on the last."""

    journals: list[JournalLine]
    next: str


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """Debit above zero, credit below: major units of a currency, or grams of fine metal (XAU, XAG, XPT, XPD)."""

    account: UUID
    code: str
    name: str
    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class JournalAnswer:
    id: UUID
    number: int
    day: date
    posted_at: datetime
    document_kind: str
    document: UUID
    reference: str
    memo: str
    actor: str
    entries: list[EntryAnswer]
    seal: str
    reverses: UUID | None
    reversed_by: UUID | None


@dataclass(frozen=True, slots=True)
class TurnoverAnswer:
    account: UUID
    code: str
    name: str
    kind: str
    unit: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class TrialBalanceAnswer:
    since: date
    until: date
    accounts: list[TurnoverAnswer]


@get("/api/v1/accounts", permission=SEE_BOOKS, answers=AccountsAnswer)
def api_list_accounts(request: Request, uow: UnitOfWork) -> AccountsAnswer:
    """The chart of accounts, by code."""
    return AccountsAnswer(
        [AccountAnswer(one.id, one.code, one.name, one.kind.value, one.is_active) for one in chart.all_accounts(uow)]
    )


@get("/api/v1/journals", permission=SEE_BOOKS, query=JournalQuery, answers=JournalsAnswer)
def api_list_journals(request: Request, uow: UnitOfWork, query: JournalQuery) -> JournalsAnswer:
    """Journals, the latest day first."""
    wanted = journals.Wanted(query.number, query.kind, query.since, query.until, before=_place(query.after))
    found = journals.newest(uow, wanted, unit=uow.shop.currency, limit=query.limit + 1)
    shown = found[: query.limit]
    return JournalsAnswer(
        [
            JournalLine(
                one.id,
                one.number,
                one.day,
                one.document.kind,
                one.document.id,
                one.document.reference,
                one.memo,
                one.actor,
                written(one.amount, uow.shop.currency),
            )
            for one in shown
        ],
        f"{shown[-1].day.isoformat()}.{shown[-1].number}" if len(found) > query.limit else "",
    )


def _place(after: str) -> tuple[date, int] | None:
    if not after:
        return None
    day, _dot, number = after.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        raise BadInput({"after": _("Please send the `next` of the page before.")}) from None


@get("/api/v1/journals/{journal}", permission=SEE_BOOKS, answers=JournalAnswer)
def api_show_journal(request: Request, uow: UnitOfWork, journal: UUID) -> JournalAnswer:
    """One journal with its entries."""
    return _answer(uow, journal)


@post("/api/v1/journals", permission=POST_BY_HAND, form=JournalForm, answers=JournalAnswer, status=201)
def api_post_journal(request: Request, uow: UnitOfWork, form: JournalForm) -> JournalAnswer:
    """Post by hand. `id` is yours: the same journal sent again is the same journal."""
    return _answer(uow, post_by_hand(uow, form.id, form.day, form.memo, form.entries).id)


@post(
    "/api/v1/journals/{journal}/reversal", permission=POST_BY_HAND, form=ReversalForm, answers=JournalAnswer, status=201
)
def api_reverse_journal(request: Request, uow: UnitOfWork, journal: UUID, form: ReversalForm) -> JournalAnswer:
    """Answers the journal that reverses it."""
    return _answer(uow, reverse(uow, journal, form.because).id)


@get("/api/v1/trial-balance", permission=SEE_BOOKS, query=DaysQuery, answers=TrialBalanceAnswer)
def api_trial_balance(request: Request, uow: UnitOfWork, query: DaysQuery) -> TrialBalanceAnswer:
    """Opening, debit, credit and closing of every account and unit over a range of days."""
    until = query.until or today(uow)
    since = query.since or first_of_month(until, Calendar(uow.shop.calendar))
    return TrialBalanceAnswer(
        since,
        until,
        [
            TurnoverAnswer(
                one.account,
                one.code,
                one.name,
                one.kind.value,
                one.unit,
                *(written(amount, one.unit) for amount in (one.opening, one.debit, one.credit, one.closing)),
            )
            for one in turnovers(uow, since, until)
        ],
    )


def _answer(uow: UnitOfWork, id: UUID) -> JournalAnswer:
    found = journals.journal(uow, id)
    return JournalAnswer(
        found.id,
        found.number,
        found.day,
        found.posted_at,
        found.document.kind,
        found.document.id,
        found.document.reference,
        found.memo,
        found.actor,
        [
            EntryAnswer(one.account, one.code, one.name, one.unit, written(one.amount, one.unit))
            for one in found.entries
        ],
        found.seal,
        found.reverses and found.reverses[0],
        found.reversed_by and found.reversed_by[0],
    )
