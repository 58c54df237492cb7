"""The list of what there is, and the same list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.metal import Fineness, Metal, Weight
from kernel.uow import UnitOfWork
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.actions.export import export
from plugins.inventory.domain.item import Kind
from plugins.inventory.domain.search import STATES, Order
from plugins.inventory.forms import wanted_by
from plugins.inventory.permissions import EDIT_STOCK, IMPORT_STOCK, SEE_STOCK
from web.formats import Formats
from web.listing import Listing
from web.render import formats, page
from web.routing import get
from web.slots import added_at
from web.spreadsheet import as_csv

SORTS = ("-newest", "sku", "name", "net")
FILTERS = ("text", "category", "fineness", "branch", "state", "lightest", "heaviest", "metal")
KARATS = (24, 22, 21, 18, 14, 10, 9)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A line of the list, ready to be printed."""

    id: UUID
    sku: str
    name: str
    category: str
    fineness: str
    net: str
    on_hand: str
    state: str
    looks: str
    came_in: str


@get("/inventory", permission=SEE_STOCK)
def list_items(request: Request, uow: UnitOfWork) -> Response:
    listing = Listing.of(request, uow, sorts=SORTS, filters=FILTERS)
    wanted = wanted_by(listing.filters)
    found = queries.find.find(uow, wanted, order_of(listing), offset=listing.offset, limit=listing.limit)
    tree = queries.categories.tree(uow)
    titles = {category.id: category.title for category in tree}
    show = formats(request)
    total = queries.find.count(uow, wanted) if found.more else listing.offset + len(found.rows)
    is_counted = total <= queries.find.MOST_COUNTED
    return page(
        request,
        "inventory/list.html",
        block="list",
        listing=listing.counted(total) if is_counted else listing.with_more(found.more),
        many=show.number(queries.find.MOST_COUNTED) if not is_counted else "",
        rows=[_shown(row, titles, show) for row in found.rows],
        categories=[(category.id, category.title) for category in tree],
        branches=[(branch.id, branch.name) for branch in branches(uow)],
        karats=[(f"{karat}K", show.digits(_("{karat}K").format(karat=karat))) for karat in KARATS],
        states=[(state.value, _(title)) for state, title in STATES.items()],
        may_import=uow.actor.may(IMPORT_STOCK.name),
        may_edit=uow.actor.may(EDIT_STOCK.name),
        doings=added_at(request, uow, "inventory.bulk"),
    )


@get("/inventory/export", permission=IMPORT_STOCK)
def export_items(request: Request, uow: UnitOfWork) -> Response:
    """Exactly what the list shows, as a file that can be brought in again."""
    listing = Listing.of(request, uow, sorts=SORTS, filters=FILTERS)
    return as_csv("stock", export(uow, wanted_by(listing.filters), order_of(listing)))


def order_of(listing: Listing) -> Order:
    return Order(listing.sort, listing.descending)  # type: ignore[arg-type]  # one of SORTS


def _shown(row: Any, titles: Mapping[UUID, str], show: Formats) -> ShownRow:
    state, looks = _state(row)
    metal = Metal(row.metal) if row.metal else Metal.GOLD
    return ShownRow(
        id=row.id,
        sku=row.sku,
        name=row.name,
        category=titles.get(row.category_id, ""),
        fineness=show.karat(Fineness(row.fineness), metal) if row.fineness else "",
        net=show.grams(Weight(row.net_mg)) if row.net_mg else "",
        on_hand=show.number(row.on_hand) if row.kind == Kind.COUNTED else "",
        state=state,
        looks=looks,
        came_in=show.date(row.created_at),
    )


def _state(row: Any) -> tuple[str, str]:
    """In a word, and the classes of a badge: written out, because a macro for each row takes as long as the rest."""
    if not row.active:
        return _("Not active"), "badge"
    if not row.on_hand:
        return _("Not in stock"), "badge"
    if row.low_at is not None and row.on_hand <= row.low_at:
        return _("Running low"), "badge badge--warn"
    return _("In stock"), "badge badge--ok"
