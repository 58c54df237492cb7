"""Receive, adjust and weigh again: the three ways in which a person moves stock outside the till."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.actions.receive import receive
from plugins.inventory.actions.weigh import weigh
from plugins.inventory.domain.reasons import ADJUSTMENTS, TITLES
from plugins.inventory.forms import AdjustForm, ReceiveForm, WeighForm
from plugins.inventory.permissions import MOVE_STOCK
from web.render import page
from web.routing import get, post, redirect


@get("/inventory/{item}/receive", permission=MOVE_STOCK)
def ask_what_came_in(request: Request, uow: UnitOfWork, item: UUID) -> Response:
    found = queries.items.item(uow, item)
    return page(request, "inventory/receive.html", item=found, cost=Money(found.unit_cost, uow.shop.currency))


@post("/inventory/{item}/receive", form=ReceiveForm, permission=MOVE_STOCK, again=ask_what_came_in)
def receive_item(request: Request, uow: UnitOfWork, item: UUID, form: ReceiveForm) -> Response:
    receive(uow, item, form.quantity, form.cost_of_one(uow.shop.currency), form.note)
    return redirect(f"/inventory/{item}", say=_("It is in the stock."))


@get("/inventory/{item}/adjust", permission=MOVE_STOCK)
def ask_what_differs(request: Request, uow: UnitOfWork, item: UUID) -> Response:
    reasons = [(reason.value, _(TITLES[reason])) for reason in ADJUSTMENTS]
    return page(request, "inventory/adjust.html", item=queries.items.item(uow, item), reasons=reasons)


@post("/inventory/{item}/adjust", form=AdjustForm, permission=MOVE_STOCK, again=ask_what_differs)
def adjust_item(request: Request, uow: UnitOfWork, item: UUID, form: AdjustForm) -> Response:
    adjust(uow, item, form.quantity, form.reason, form.note)
    return redirect(f"/inventory/{item}", say=_("The stock is adjusted."))


@get("/inventory/{item}/weigh", permission=MOVE_STOCK)
def ask_what_it_weighs(request: Request, uow: UnitOfWork, item: UUID) -> Response:
    found = queries.items.item(uow, item)
    return page(request, "inventory/weigh.html", item=found, worth=Money(found.worth, uow.shop.currency))


@post("/inventory/{item}/weigh", form=WeighForm, permission=MOVE_STOCK, again=ask_what_it_weighs)
def weigh_item(request: Request, uow: UnitOfWork, item: UUID, form: WeighForm) -> Response:
    metal = queries.items.item(uow, item).weighed.metal
    weigh(uow, item, form.weighed(metal), form.worth(uow.shop.currency), form.note, seen=form.seen)
    return redirect(f"/inventory/{item}", say=_("Weight and value are corrected."))
