"""Post what no document says: wages, rent, a correction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.accounting.actions.post import day_of, post
from plugins.accounting.domain.errors import AccountSetAside, DayToCome, MovesNothing, NoAccountFor
from plugins.accounting.domain.journal import MANUAL, Document, Entry, Posted, Posting
from plugins.accounting.queries.chart import all_accounts


def post_by_hand(uow: UnitOfWork, id: UUID, day: date, memo: str, entries: Sequence[Entry]) -> Posted:
    """`id` is made with the form: the same form sent twice is one journal.

    Raises DoesNotBalance, MovesNothing, NoAccountFor, AccountSetAside, PostedDifferently, DayClosed, DayToCome.
    """
    if day > day_of(uow, uow.now):
        raise DayToCome
    there = {str(account.id): account for account in all_accounts(uow)}
    for entry in entries:
        account = there.get(entry.place)
        if account is None:
            raise NoAccountFor(entry.place)
        if not account.is_active:
            raise AccountSetAside(account.name)
    posted = post(uow, Posting(Document(MANUAL, id), day, tuple(entries), memo))
    if posted is None:
        raise MovesNothing
    return posted
