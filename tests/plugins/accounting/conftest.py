"""A shop's books, as a bookkeeper would try them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database, UnitOfWork
from plugins.accounting.actions.post import post
from plugins.accounting.domain.journal import Document, Entry, Posted, Posting
from plugins.accounting.queries.journals import journal_of
from plugins.accounting.queries.trial_balance import Turnover, turnovers
from plugins.accounting.tables import account_roles, accounts, entries, journals
from tests.conftest import NOW

TODAY = NOW.date()
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)

Superuser = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one shop."""

    database: Database
    shop: Shop
    actor: Actor

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        with self.database.for_shop(self.shop.id, self.actor) as uow:
            yield uow

    def post(
        self, *amounts: tuple[str, str, int], document: Document | None = None, day: date = TODAY, memo: str = ""
    ) -> Posted:
        """Entries as (place, unit, amount), in a transaction of their own."""
        posting = Posting(document or Document("sale", new_id(), "1"), day, tuple(Entry(*one) for one in amounts), memo)
        with self.work() as uow:
            posted = post(uow, posting)
        assert posted is not None
        return posted

    def turnovers(self, since: date = FIRST, until: date = LAST) -> list[Turnover]:
        with self.work() as uow:
            return turnovers(uow, since, until)

    def stands(self, until: date = LAST) -> dict[tuple[str, str], int]:
        """What every account stands at, by the first part it plays and its unit, where that is not nothing."""
        parts = self.parts()
        return {(parts[one.account], one.unit): one.closing for one in self.turnovers(until=until) if one.closing}

    def parts(self) -> dict[UUID, str]:
        """Account → the first part that it plays, or its code."""
        with self.work() as uow:
            names = {row.id: row.code for row in uow.execute(select(accounts.c.id, accounts.c.code))}
            played = uow.execute(select(account_roles).order_by(account_roles.c.role.desc()))
            return names | {row.account: row.role for row in played}

    def booked(self, kind: str, document: UUID) -> dict[tuple[str, str], int]:
        """The entries of a document's journal, by part and unit."""
        parts = self.parts()
        with self.work() as uow:
            rows = uow.execute(
                select(entries.c.account, entries.c.unit, entries.c.amount)
                .select_from(entries.join(journals, journals.c.number == entries.c.number))
                .where((journals.c.document_kind == kind) & (journals.c.document == document))
            )
            return {(parts[row.account], row.unit): row.amount for row in rows}

    def journal(self, kind: str, document: UUID) -> UUID:
        """The journal of a document."""
        with self.work() as uow:
            found = journal_of(uow, kind, document)
        assert found is not None
        return found

    def numbers(self) -> list[int]:
        with self.work() as uow:
            return list(uow.execute(select(journals.c.number).order_by(journals.c.number)).scalars())

    def account(self, part: str) -> str:
        with self.work() as uow:
            return str(uow.execute(select(account_roles.c.account).where(account_roles.c.role == part)).scalar_one())


@pytest.fixture
def books(database: Database, shop: Shop, actor: Actor) -> Books:
    return Books(database, shop, actor)


def sums(entries: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """By unit."""
    totals: dict[str, int] = {}
    for (_part, unit), amount in entries.items():
        totals[unit] = totals.get(unit, 0) + amount
    return totals
