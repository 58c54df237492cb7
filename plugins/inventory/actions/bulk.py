"""Change one thing of many items at once, and undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.domain.bulk import BulkChange, TakenBackAlready, Thing, Value


@dataclass(frozen=True, slots=True)
class Changed:
    """How many items changed, and the change that can be undone; None where there was nothing to change."""

    count: int
    change: UUID | None


def change_many(uow: UnitOfWork, thing: Thing, items: Sequence[UUID], value: Value) -> Changed:
    """Raises LimitReached when more become active than the plan includes."""
    _lock_limit(uow, thing)
    before = store.bulk.change(uow, thing, items, value)
    if not before:
        return Changed(0, None)
    _count(uow, thing, len(before) if value else -len(before))
    return Changed(len(before), store.bulk.note(uow, thing, before, value))


def undo(uow: UnitOfWork, change: UUID) -> Changed:
    """What was changed again meanwhile stays. Raises NotFound, TakenBackAlready, LimitReached."""
    found: BulkChange = queries.bulk.change(uow, change)
    if not store.bulk.note_undone(uow, found.id):
        raise TakenBackAlready
    _lock_limit(uow, found.thing)
    count = store.bulk.take_back(uow, found)
    _count(uow, found.thing, -count if found.after else count)
    return Changed(count, found.id)


def _lock_limit(uow: UnitOfWork, thing: Thing) -> None:
    # First the counter, then the items, as everybody does who counts items.
    _count(uow, thing, 0)


def _count(uow: UnitOfWork, thing: Thing, more: int) -> None:
    if thing is Thing.ACTIVE:
        limits.use(uow, "items", more, _("items"))
