"""One item: what it is, where it went, and the forms that write it down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.karats import STAMPED
from kernel.metal import Fineness, Metal
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.branches.public import branch, branches
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.describe import describe
from plugins.inventory.domain.item import Kind, Making, MakingKind
from plugins.inventory.domain.reasons import TITLES
from plugins.inventory.forms import EditForm, ItemForm
from plugins.inventory.permissions import EDIT_STOCK, MOVE_STOCK, SEE_COST, SEE_STOCK
from web.formats import Formats
from web.render import formats, page
from web.routing import get, post, redirect
from web.slots import added_at

METALS = {
    Metal.GOLD: N_("Gold"),
    Metal.SILVER: N_("Silver"),
    Metal.PLATINUM: N_("Platinum"),
    Metal.PALLADIUM: N_("Palladium"),
}
MAKINGS = {
    MakingKind.NONE: N_("No making charge"),
    MakingKind.PERCENT: N_("Per cent of the metal"),
    MakingKind.PER_GRAM: N_("Money per gram"),
    MakingKind.PER_PIECE: N_("Money per piece"),
    MakingKind.GOLD: N_("Grams of metal"),
    MakingKind.MILYEM: N_("Milyem (thousandths)"),
}
KINDS = {
    Kind.PIECE: N_("One piece of its kind"),
    Kind.COUNTED: N_("Many alike, counted"),
}
#: Empty rows for stones below those that are there.
FREE_STONES = 2
USUAL_KARATS = (24, 22, 21, 18, 14)


@get("/inventory/new", permission=EDIT_STOCK)
def new_item(request: Request, uow: UnitOfWork) -> Response:
    return page(
        request,
        "inventory/new.html",
        item=None,
        branches=[(one.id, one.name) for one in branches(uow)],
        karats=[STAMPED[karat] for karat in USUAL_KARATS],
        **_choices(uow),
    )


@post("/inventory", form=ItemForm, permission=EDIT_STOCK, again=new_item)
def add_item(request: Request, uow: UnitOfWork, form: ItemForm) -> Response:
    item = add(uow, form.new_item(uow.shop.currency))
    return redirect(f"/inventory/{item.id}", say=_("“{name}” is in the stock.").format(name=item.name))


@get("/inventory/{item}", permission=SEE_STOCK)
def show_item(request: Request, uow: UnitOfWork, item: UUID) -> Response:
    found = queries.items.item(uow, item)
    currency = uow.shop.currency
    category = found.description.category
    return page(
        request,
        "inventory/item.html",
        item=found,
        branch=branch(uow, found.branch).name,
        category=queries.categories.category(uow, category).title if category else "",
        metal=_(METALS[found.weighed.metal]) if found.weighed.metal else "",
        making=_making(formats(request), found.description.making, currency),
        price=_money(found.description.fixed_price, currency),
        stones=[(stone, _money(stone.value, currency)) for stone in found.description.stones],
        cost=_money(found.cost, currency),
        worth=_money(found.worth, currency),
        movements=[
            (line, _(TITLES.get(line.reason, line.reason)), _money(line.cost, currency))
            for line in queries.movements.movements_of(uow, found.id)
        ],
        added=added_at(request, uow, "inventory.piece", item=found.id),
        may_see_cost=uow.actor.may(SEE_COST.name),
        may_edit=uow.actor.may(EDIT_STOCK.name),
        may_move=uow.actor.may(MOVE_STOCK.name),
    )


@get("/inventory/{item}/edit", permission=EDIT_STOCK)
def edit_item(request: Request, uow: UnitOfWork, item: UUID) -> Response:
    return page(request, "inventory/edit.html", item=queries.items.item(uow, item), **_choices(uow))


@post("/inventory/{item}", form=EditForm, permission=EDIT_STOCK, again=edit_item)
def change_item(request: Request, uow: UnitOfWork, item: UUID, form: EditForm) -> Response:
    described = form.description(uow.shop.currency)
    changed = describe(uow, item, form.version, described, active=form.active)
    return redirect(f"/inventory/{changed.id}", say=_("Saved."))


def _choices(uow: UnitOfWork) -> dict[str, Any]:
    """What the fields of the form may be chosen from."""
    return {
        "categories": [(category.id, category.title) for category in queries.categories.tree(uow)],
        "metals": [(metal.value, _(title)) for metal, title in METALS.items()],
        "makings": [(kind.value, _(title)) for kind, title in MAKINGS.items()],
        "kinds": [(kind.value, _(title)) for kind, title in KINDS.items()],
        "free_stones": FREE_STONES,
        "as_money": lambda minor: _money(minor, uow.shop.currency),
    }


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _making(show: Formats, making: Making | None, currency: str) -> str:
    """In words: `18% of the metal`."""
    if making is None:
        return _("As the pricing rules say")
    figure, unit = show.number(making.value.normalize()), show.unit(currency)
    match making.kind:
        case MakingKind.PERCENT:
            return _("{figure}% of the metal").format(figure=figure)
        case MakingKind.PER_GRAM:
            return _("{figure} {currency} per gram").format(figure=figure, currency=unit)
        case MakingKind.PER_PIECE:
            return _("{figure} {currency} per piece").format(figure=figure, currency=unit)
        case MakingKind.GOLD:
            fineness = making.fineness or Fineness(10_000)
            return _("{figure} g of metal of {fineness}").format(figure=figure, fineness=fineness)
        case MakingKind.MILYEM:
            return _("{figure} milyem").format(figure=figure)
    return _("None")
