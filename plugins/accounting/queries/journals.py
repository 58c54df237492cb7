"""Journals: the list, and one with its entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, true, tuple_

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.accounting.domain.journal import Document
from plugins.accounting.tables import accounts, entries, journals


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A journal as a list shows it. `amount` is what it moves in the unit asked for: the sum of its debits."""

    id: UUID
    number: int
    day: date
    document: Document
    memo: str
    actor: str
    amount: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `before` is the day and number where the page before ended."""

    number: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    account: UUID | None = None
    before: tuple[date, int] | None = None


def newest(uow: UnitOfWork, wanted: Wanted, *, unit: str, limit: int, offset: int = 0) -> list[JournalRow]:
    """The latest day first. A number is the journal's own or its document's."""
    moved = (
        select(func.coalesce(func.sum(entries.c.amount), 0))
        .where((entries.c.number == journals.c.number) & (entries.c.unit == unit) & (entries.c.amount > 0))
        .scalar_subquery()
    )
    in_account = select(entries.c.number).where(
        (entries.c.number == journals.c.number) & (entries.c.account == wanted.account)
    )
    shown = (
        select(*_SHOWN, moved.label("amount"))
        .where(
            _numbered(wanted.number) if wanted.number else true(),
            journals.c.document_kind == wanted.kind if wanted.kind else true(),
            journals.c.day >= wanted.since if wanted.since else true(),
            journals.c.day <= wanted.until if wanted.until else true(),
            in_account.exists() if wanted.account else true(),
            tuple_(journals.c.day, journals.c.number) < tuple_(*wanted.before) if wanted.before else true(),
        )
        .order_by(journals.c.day.desc(), journals.c.number.desc())
    )
    return [
        JournalRow(row.id, row.number, row.day, _document(row), row.memo, row.actor, int(row.amount))
        for row in uow.execute(shown.limit(limit).offset(offset))
    ]


_SHOWN = (
    journals.c.id,
    journals.c.number,
    journals.c.day,
    journals.c.document_kind,
    journals.c.document,
    journals.c.reference,
    journals.c.memo,
    journals.c.actor,
)


def _numbered(typed: str) -> Any:
    is_reference = journals.c.reference == typed
    # A bigint ends before twenty digits.
    return or_(is_reference, journals.c.number == int(typed)) if typed.isdecimal() and len(typed) < 19 else is_reference


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of a journal with its account; debit above zero."""

    account: UUID
    code: str
    name: str
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Journal:
    """A posted journal. `reverses` and `reversed_by` are id and number of the other one."""

    id: UUID
    number: int
    day: date
    posted_at: datetime
    document: Document
    memo: str
    actor: str
    entries: tuple[JournalEntry, ...]
    seal: str
    reverses: tuple[UUID, int] | None = None
    reversed_by: tuple[UUID, int] | None = None


def journal(uow: UnitOfWork, id: UUID) -> Journal:
    """Raises NotFound."""
    undone, undoing = journals.alias("undone"), journals.alias("undoing")
    row = uow.execute(
        select(
            *_SHOWN,
            journals.c.posted_at,
            journals.c.seal,
            undone.c.id.label("undone_id"),
            undone.c.number.label("undone_number"),
            undoing.c.id.label("undoing_id"),
            undoing.c.number.label("undoing_number"),
        )
        .select_from(
            journals.outerjoin(undone, undone.c.id == journals.c.reverses).outerjoin(
                undoing, undoing.c.reverses == journals.c.id
            )
        )
        .where(journals.c.id == id)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such journal."))
    return Journal(
        row.id,
        row.number,
        row.day,
        row.posted_at,
        _document(row),
        row.memo,
        row.actor,
        _entries(uow, row.number),
        row.seal.hex(),
        (row.undone_id, row.undone_number) if row.undone_id else None,
        (row.undoing_id, row.undoing_number) if row.undoing_id else None,
    )


def journal_of(uow: UnitOfWork, kind: str, document: UUID) -> UUID | None:
    """The journal that was posted for a document."""
    wanted = (journals.c.document_kind == kind) & (journals.c.document == document)
    found: UUID | None = uow.execute(select(journals.c.id).where(wanted)).scalar_one_or_none()
    return found


def days_of(uow: UnitOfWork, documents: Iterable[Document]) -> dict[tuple[str, UUID], date]:
    """On which days documents are booked, by kind and id; without those that are not."""
    wanted = [(document.kind, document.id) for document in documents]
    booked = select(journals.c.document_kind, journals.c.document, journals.c.day)
    rows = uow.execute(booked.where(tuple_(journals.c.document_kind, journals.c.document).in_(wanted)))
    return {(row.document_kind, row.document): row.day for row in rows}


def _entries(uow: UnitOfWork, number: int) -> tuple[JournalEntry, ...]:
    rows = uow.execute(
        select(entries.c.account, accounts.c.code, accounts.c.name, entries.c.unit, entries.c.amount)
        .select_from(entries.join(accounts, accounts.c.id == entries.c.account))
        .where(entries.c.number == number)
        .order_by(entries.c.line)
    )
    return tuple(JournalEntry(row.account, row.code, row.name, row.unit, row.amount) for row in rows)


def _document(row: Row[Any]) -> Document:
    return Document(row.document_kind, row.document, row.reference)
