"""What comes in, what differs, what something weighs."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.actions.receive import receive
from plugins.inventory.actions.weigh import weigh
from plugins.inventory.forms import AdjustForm, ReceiveForm, WeighForm
from plugins.inventory.permissions import MOVE_STOCK
from plugins.inventory.rest.items import WholeItemAnswer, whole
from web.routing import post


@post("/api/v1/items/{item}/receive", form=ReceiveForm, permission=MOVE_STOCK, answers=WholeItemAnswer)
def api_receive_item(request: Request, uow: UnitOfWork, item: UUID, form: ReceiveForm) -> WholeItemAnswer:
    """More of an item came in."""
    receive(uow, item, form.quantity, form.cost_of_one(uow.shop.currency), form.note)
    return whole(uow, item)


@post("/api/v1/items/{item}/adjust", form=AdjustForm, permission=MOVE_STOCK, answers=WholeItemAnswer)
def api_adjust_item(request: Request, uow: UnitOfWork, item: UUID, form: AdjustForm) -> WholeItemAnswer:
    """Something was lost, broken, given away or found."""
    adjust(uow, item, form.quantity, form.reason, form.note)
    return whole(uow, item)


@post("/api/v1/items/{item}/weigh", form=WeighForm, permission=MOVE_STOCK, answers=WholeItemAnswer)
def api_weigh_item(request: Request, uow: UnitOfWork, item: UUID, form: WeighForm) -> WholeItemAnswer:
    """Correct what an item weighs, is made of, and is worth."""
    metal = queries.items.item(uow, item).weighed.metal
    weigh(uow, item, form.weighed(metal), form.worth(uow.shop.currency), form.note, seen=form.seen)
    return whole(uow, item)
