"""What is done with many items of the list at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.responses import Response

from kernel.contributions import Permission
from kernel.errors import NotAllowed
from kernel.i18n import _, ngettext
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.bulk import Changed, change_many, undo
from plugins.inventory.actions.export import export_items
from plugins.inventory.domain.bulk import (
    MOST_AT_ONCE,
    MOST_ONWARD,
    NoCategoryChosen,
    NothingSelected,
    Thing,
    TooManySelected,
)
from plugins.inventory.forms import BulkForm, wanted_by
from plugins.inventory.pages.stock import FILTERS, SORTS, order_of
from plugins.inventory.permissions import EDIT_STOCK, IMPORT_STOCK, SEE_STOCK
from web.listing import Listing
from web.routing import post, redirect
from web.spreadsheet import as_csv

LIST = "/inventory"


@post("/inventory/bulk", form=BulkForm, permission=SEE_STOCK)
def do_with_many(uow: UnitOfWork, form: BulkForm) -> Response:
    items = _selected(uow, form)
    if form.onward:
        if len(items) > MOST_ONWARD:
            raise TooManySelected(MOST_ONWARD)
        return redirect(f"{form.onward}?{urlencode([('item', item) for item in items])}")
    if form.do == "export":
        _check(uow, IMPORT_STOCK)
        return as_csv("stock", export_items(uow, items))
    _check(uow, EDIT_STOCK)
    match form.do:
        case "categorise" if form.category is None:
            raise NoCategoryChosen
        case "categorise":
            return _said(form, change_many(uow, Thing.CATEGORY, items, form.category))
        case "uncategorise":
            return _said(form, change_many(uow, Thing.CATEGORY, items, None))
        case "activate" | "deactivate":
            return _said(form, change_many(uow, Thing.ACTIVE, items, form.do == "activate"))
    return redirect(_list(form))


@post("/inventory/bulk/{change}/undo", permission=EDIT_STOCK)
def undo_bulk_change(uow: UnitOfWork, change: UUID) -> Response:
    undone = undo(uow, change)
    said = ngettext("{count} item is as it was before.", "{count} items are as they were before.", undone.count)
    return redirect(f"{LIST}?state=all", say=said.format(count=undone.count))


def _selected(uow: UnitOfWork, form: BulkForm) -> Sequence[UUID]:
    """What was ticked, or all that the list finds. Raises NothingSelected, TooManySelected."""
    if not form.everything:
        if not form.item:
            raise NothingSelected
        return form.item
    listing = Listing.asked(LIST, QueryParams(form.query), sorts=SORTS, filters=FILTERS)
    found = queries.find.find(uow, wanted_by(listing.filters), order_of(listing), limit=MOST_AT_ONCE)
    if found.more:
        raise TooManySelected
    return [row.id for row in found.rows]


def _check(uow: UnitOfWork, permission: Permission) -> None:
    # One address for several doings: each asks for what it needs itself.
    if not uow.actor.may(permission.name):
        raise NotAllowed(permission.name, _(permission.title))


def _said(form: BulkForm, changed: Changed) -> Response:
    if changed.change is None:
        return redirect(_list(form), say=_("They were so already; nothing was changed."))
    said = ngettext("{count} item is changed.", "{count} items are changed.", changed.count)
    return redirect(_list(form), say=said.format(count=changed.count), undo=f"/inventory/bulk/{changed.change}/undo")


def _list(form: BulkForm) -> str:
    return f"{LIST}?{form.query}" if form.query else LIST
