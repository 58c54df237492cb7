"""Catch up: post what happened before the books were opened, or while they could not hear of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from kernel.events import Event
from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.actions.book_sale import book_refund, book_sale, book_void
from plugins.accounting.actions.book_stock import book_adjustment, book_receipt
from plugins.accounting.domain.errors import DayClosed, PostedDifferently
from plugins.accounting.domain.proof import Finding, FindingKind
from plugins.inventory.public import StockAdjusted, StockReceived
from plugins.pos.public import SaleCompleted, SaleRefunded, SaleVoided

log = logging.getLogger(__name__)


def catch_up(uow: UnitOfWork, events: Iterable[Event], run: UUID) -> None:
    """Post each, the oldest first. What is in the books stays; what is there with other figures is reported."""
    for event in events:
        try:
            with uow.nested():
                _book(uow, event)
        except (PostedDifferently, DayClosed) as refused:
            log.critical("a document is not booked: %s %s", event, refused, extra={"tenant": str(uow.shop.id)})
            subject = f"{type(event).__name__} {_document(event)}"
            store.add_findings(uow, run, [Finding(FindingKind.DOCUMENT, subject, counted=str(refused))])


def _book(uow: UnitOfWork, event: Event) -> None:
    match event:
        case SaleCompleted():
            book_sale(uow, event)
        case SaleRefunded():
            book_refund(uow, event)
        case SaleVoided():
            book_void(uow, event)
        case StockReceived():
            book_receipt(uow, event)
        case StockAdjusted():
            book_adjustment(uow, event)


def _document(event: Event) -> UUID | None:
    match event:
        case SaleCompleted(sale=id) | SaleVoided(sale=id) | SaleRefunded(refund=id):
            return id
        case StockReceived(movement=id) | StockAdjusted(movement=id):
            return id
    return None
