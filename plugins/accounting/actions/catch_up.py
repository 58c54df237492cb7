"""Catch up: post what happened before the books were opened, or while they could not hear of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.actions.book import book
from plugins.accounting.domain.errors import DayClosed, PostedDifferently
from plugins.accounting.domain.proof import not_booked
from plugins.accounting.domain.told import Told, document_of
from plugins.accounting.queries.journals import days_of

log = logging.getLogger(__name__)


def catch_up(uow: UnitOfWork, events: Sequence[Told], run: UUID) -> None:
    """Post each, the oldest first. What is in the books stays; what is there with other figures is reported."""
    # A journal keeps its day, also where the shop's zone was changed since.
    days = days_of(uow, map(document_of, events))
    for event in events:
        document = document_of(event)
        try:
            with uow.nested():
                book(uow, event, days.get((document.kind, document.id)))
        except (PostedDifferently, DayClosed) as refused:
            log.critical("a document is not booked: %s %s", event, refused, extra={"tenant": str(uow.shop.id)})
            store.add_findings(uow, run, [not_booked(document, str(refused))])
