"""Hold: put a cart aside, and take it up again at any till of the branch."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.branches.public import Terminal
from plugins.pos import store
from plugins.pos.domain.held import HeldCart, NotHeld
from plugins.pos.forms import TillForm

#: Nobody comes back for a cart after so long; one that was taken up stays for the day, for whoever lost it.
KEPT, KEPT_RECALLED = timedelta(days=30), timedelta(days=1)


def hold(uow: UnitOfWork, form: TillForm, till: Terminal, title: str) -> HeldCart:
    """What lies there, as it was typed; money is not held, and prices are made anew."""
    held = HeldCart(form.id, uow.now, uow.actor.name, title)
    store.hold(uow, held, till.branch, form.held())
    return held


def recall(uow: UnitOfWork, id: UUID, till: Terminal) -> TillForm:
    """The cart under its own key, by which its sale is known later. Raises NotHeld where somebody was faster."""
    cart = store.recall(uow, id, till.branch)
    if cart is None:
        raise NotHeld
    return TillForm.recalled(cart).model_copy(update={"id": id, "terminal": till.id})


def sweep_held(uow: UnitOfWork) -> None:
    store.sweep_held(uow, uow.now - KEPT, uow.now - KEPT_RECALLED)
