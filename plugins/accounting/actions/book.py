"""Book what the till and the stock did, as they told it."""

from __future__ import annotations

from datetime import date

from kernel.uow import UnitOfWork
from plugins.accounting.actions.post import day_of, post
from plugins.accounting.actions.reverse import undo
from plugins.accounting.domain.journal import Posting
from plugins.accounting.domain.told import Told, document_of, entries_of
from plugins.accounting.queries.journals import journal_of
from plugins.pos.public import SaleVoided


def book(uow: UnitOfWork, told: Told, day: date | None = None) -> None:
    """On the day when it happened, unless it stands on another one already."""
    day = day or day_of(uow, told.at)
    if isinstance(told, SaleVoided):
        _book_void(uow, told, day)
    else:
        post(uow, Posting(document_of(told), day, entries_of(told)))


def _book_void(uow: UnitOfWork, voided: SaleVoided, day: date) -> None:
    """The sale's journal, reversed. A sale that is not in the books yet is posted and undone with the earlier ones."""
    journal = journal_of(uow, "sale", voided.sale)
    if journal is not None:
        undo(uow, journal, document_of(voided), day, voided.because)
