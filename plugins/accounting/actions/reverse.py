"""Reverse a journal: the same entries the other way round, on another day if need be. What stood there stays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.accounting.actions.post import day_of, post
from plugins.accounting.domain.errors import AlreadyReversed, PostedDifferently, ReversesAnother
from plugins.accounting.domain.journal import REVERSAL, Document, Entry, Posted, Posting
from plugins.accounting.queries.journals import Journal, journal


def reverse(uow: UnitOfWork, journal_id: UUID, because: str) -> Posted:
    """Raises NotFound, AlreadyReversed, ReversesAnother, DayClosed."""
    wrong = journal(uow, journal_id)
    if wrong.reverses:
        raise ReversesAnother(wrong.number)
    if wrong.reversed_by:
        raise AlreadyReversed(wrong.number)
    document = Document(REVERSAL, wrong.id, str(wrong.number))
    try:
        posted = _post_against(uow, wrong, document, day_of(uow, uow.now), because)
    except PostedDifferently as other:
        raise AlreadyReversed(wrong.number) from other
    assert posted is not None
    return posted


def undo(uow: UnitOfWork, journal_id: UUID, document: Document, day: date, because: str) -> None:
    """Reverse a journal because its document was undone. What a bookkeeper reversed by hand is undone already."""
    wrong = journal(uow, journal_id)
    if wrong.reversed_by is None:
        reference = Document(document.kind, document.id, wrong.document.reference)
        _post_against(uow, wrong, reference, day, because)


def _post_against(uow: UnitOfWork, wrong: Journal, document: Document, day: date, because: str) -> Posted | None:
    entries = tuple(Entry(str(entry.account), entry.unit, -entry.amount) for entry in wrong.entries)
    return post(uow, Posting(document, day, entries, because, wrong.id))
