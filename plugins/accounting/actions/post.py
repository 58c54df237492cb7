"""Post a journal: the one way into the books."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.actions.open_books import open_books
from plugins.accounting.domain.journal import Posted, Posting


def post(uow: UnitOfWork, posting: Posting) -> Posted | None:
    """Post it, or find the journal its document has already. None where there is nothing to book.

    Raises DoesNotBalance, NoAccountFor, PostedDifferently, DayClosed, MovesNothing.
    """
    if not posting.entries:
        return None
    posting.check_balanced()
    posted = store.post(uow, posting)
    if posted is None:
        # The plan gave the shop its books without a word to us.
        open_books(uow)
        posted = store.post(uow, posting)
    return posted


def day_of(uow: UnitOfWork, moment: datetime) -> date:
    """The day a moment is booked on: the one that the shop's own clock shows."""
    return moment.astimezone(ZoneInfo(uow.shop.zone)).date()
