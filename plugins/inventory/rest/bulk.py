"""The same done with many items at once, and undone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.inventory.actions.bulk import Changed, change_many, undo
from plugins.inventory.domain.bulk import NoCategoryChosen, Thing
from plugins.inventory.forms import ManyForm
from plugins.inventory.permissions import EDIT_STOCK
from web.routing import post


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """How many items are another than before. `change` is what undoes it; null where nothing was changed."""

    count: int
    change: UUID | None


@post("/api/v1/items/bulk", form=ManyForm, permission=EDIT_STOCK, answers=ChangedAnswer)
def api_do_with_many(request: Request, uow: UnitOfWork, form: ManyForm) -> ChangedAnswer:
    """Put many items into a category or out of theirs, or make them active or not."""
    if form.do in ("activate", "deactivate"):
        return _answer(change_many(uow, Thing.ACTIVE, form.items, form.do == "activate"))
    if form.do == "categorise" and form.category is None:
        raise NoCategoryChosen
    return _answer(change_many(uow, Thing.CATEGORY, form.items, form.category if form.do == "categorise" else None))


@post("/api/v1/items/bulk/{change}/undo", permission=EDIT_STOCK, answers=ChangedAnswer)
def api_undo_bulk_change(request: Request, uow: UnitOfWork, change: UUID) -> ChangedAnswer:
    """Make items as they were before; those that were changed since stay as they are."""
    return _answer(undo(uow, change))


def _answer(changed: Changed) -> ChangedAnswer:
    return ChangedAnswer(changed.count, changed.change)
