"""The books for programs: journals, accounts, the trial balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from starlette.requests import Request

from kernel.calendars import Calendar, first_of_month
from kernel.uow import UnitOfWork
from plugins.accounting.actions import edit_chart
from plugins.accounting.actions.post_by_hand import post_by_hand
from plugins.accounting.actions.reverse import reverse
from plugins.accounting.domain.chart import Account
from plugins.accounting.domain.units import written
from plugins.accounting.forms import (
    AccountForm,
    DaysQuery,
    JournalForm,
    JournalQuery,
    NewAccountForm,
    PartForm,
    ReversalForm,
)
from plugins.accounting.jobs import prove_books
from plugins.accounting.pages.shown import today
from plugins.accounting.permissions import EDIT_CHART, POST_BY_HAND, SEE_BOOKS
from plugins.accounting.queries import chart, journals, proofs
from plugins.accounting.queries.trial_balance import turnovers
from web.cursors import PageQuery, opened, pack, page_of
from web.routing import get, post, put


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
    next: str | None


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """A part of the shop's documents, such as `revenue.gold`, and the account that it is booked to."""

    role: str
    account: UUID


@dataclass(frozen=True, slots=True)
class PartsAnswer:
    parts: list[PartAnswer]
    next: str | None


@dataclass(frozen=True, slots=True)
class BegunAnswer:
    """Long work that was begun: `/api/v1/tasks/{work}` says how far it is."""

    work: UUID | None


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
    """`next` is the `after` of the next page; null on the last."""

    journals: list[JournalLine]
    next: str | None


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


@get("/api/v1/accounts", permission=SEE_BOOKS, query=PageQuery, answers=AccountsAnswer)
def api_list_accounts(request: Request, uow: UnitOfWork, query: PageQuery) -> AccountsAnswer:
    """The chart of accounts, by code."""
    shown, following = page_of(chart.all_accounts(uow), query, lambda one: (one.code, str(one.id)))
    return AccountsAnswer([_account(one) for one in shown], following)


@post("/api/v1/accounts", permission=EDIT_CHART, form=NewAccountForm, answers=AccountAnswer, status=201)
def api_add_account(request: Request, uow: UnitOfWork, form: NewAccountForm) -> AccountAnswer:
    """Open an account."""
    return _account(edit_chart.add_account(uow, form.code, form.name, form.kind))


@get("/api/v1/accounts/{account}", permission=SEE_BOOKS, answers=AccountAnswer)
def api_show_account(request: Request, uow: UnitOfWork, account: UUID) -> AccountAnswer:
    """One account."""
    return _account(chart.account(uow, account))


@put("/api/v1/accounts/{account}", permission=EDIT_CHART, form=AccountForm, answers=AccountAnswer)
def api_change_account(request: Request, uow: UnitOfWork, account: UUID, form: AccountForm) -> AccountAnswer:
    """Rename an account, or set it aside; what is posted stays."""
    changed = edit_chart.change_account(uow, account, form.code, form.name, form.kind, is_active=form.is_active)
    return _account(changed)


@get("/api/v1/parts", permission=EDIT_CHART, query=PageQuery, answers=PartsAnswer)
def api_list_parts(request: Request, uow: UnitOfWork, query: PageQuery) -> PartsAnswer:
    """Where documents are booked: which account plays which part."""
    shown, following = page_of(chart.roles(uow).items(), query, lambda pair: (pair[0],))
    return PartsAnswer([PartAnswer(*pair) for pair in shown], following)


@put("/api/v1/parts", permission=EDIT_CHART, form=PartForm, answers=PartAnswer)
def api_book_to(request: Request, uow: UnitOfWork, form: PartForm) -> PartAnswer:
    """From now on a part is booked to this account; what is posted stays where it is."""
    edit_chart.book_to(uow, form.role, form.account)
    return PartAnswer(form.role, form.account)


@post("/api/v1/books/proof", permission=SEE_BOOKS, answers=BegunAnswer, status=202)
def api_prove_books(request: Request, uow: UnitOfWork) -> BegunAnswer:
    """Prove the books anew, from the first journal to the last."""
    return BegunAnswer(uow.begin_work(prove_books, result="/books/proof", total=proofs.last_number(uow)))


@get("/api/v1/journals", permission=SEE_BOOKS, query=JournalQuery, answers=JournalsAnswer)
def api_list_journals(request: Request, uow: UnitOfWork, query: JournalQuery) -> JournalsAnswer:
    """Journals, the latest day first."""
    wanted = journals.Wanted(query.number, query.kind, query.since, query.until, before=opened(query.after, _place))
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
        pack(shown[-1].day, shown[-1].number) if len(found) > query.limit else None,
    )


def _place(day: str, number: str) -> tuple[date, int]:
    return date.fromisoformat(day), int(number)


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


def _account(account: Account) -> AccountAnswer:
    return AccountAnswer(account.id, account.code, account.name, account.kind.value, account.is_active)
