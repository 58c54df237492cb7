"""Hold: put a cart aside, and take it up again at any till of the branch."""

from __future__ import annotations

from uuid import UUID

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.branches.public import Terminal
from plugins.pos import store
from plugins.pos.domain.held import HeldCart, NotHeld
from plugins.pos.forms import TillForm


def hold(uow: UnitOfWork, form: TillForm, till: Terminal, title: str) -> HeldCart:
    """What lies there, as it was typed; money is not held, and prices are made anew."""
    held = HeldCart(new_id(), uow.now, uow.actor.name, title)
    store.hold(uow, held, till.branch, form.held())
    return held


def recall(uow: UnitOfWork, id: UUID) -> TillForm:
    """Raises NotHeld where somebody was faster."""
    cart = store.recall(uow, id)
    if cart is None:
        raise NotHeld
    return TillForm.recalled(cart)
