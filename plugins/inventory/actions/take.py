"""Take goods out for a document, and put back what it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.inventory import store
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import Reason


def hold(uow: UnitOfWork, items: Iterable[UUID]) -> None:
    """Nobody else moves these until we are done.

    For whoever moves stock in several steps: each step takes its own items in the order of their ids, but two who go
    in steps and meet in the middle would wait for each other for ever.
    """
    store.movements.lock(uow, items)


def take(
    uow: UnitOfWork, quantities: Mapping[UUID, int], *, document: UUID, reason: str = Reason.SOLD
) -> dict[UUID, Moved]:
    """All of it leaves, in one statement, or nothing does. Raises OutOfStock, which names the item."""
    leaving = {item: -quantity for item, quantity in quantities.items()}
    return store.movements.move(uow, leaving, document=document, reason=reason)


def put_back(
    uow: UnitOfWork,
    quantities: Mapping[UUID, int],
    *,
    document: UUID,
    taken_by: UUID | None = None,
    reason: str = Reason.RETURNED,
) -> dict[UUID, Moved]:
    """What the document `taken_by` took comes back, at the cost at which it left; never more than it took.

    `document` is what brings it back, such as a refund; a void is its own sale's document. Raises NotTaken.
    """
    return store.movements.move(uow, quantities, document=document, undone=taken_by or document, reason=reason)
