"""In which branches somebody works: in all of them, or in chosen ones only."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.identity.domain.user import Role
from plugins.identity.forms import UserForm


def choose_branches(uow: UnitOfWork, wanted: UserForm, now: frozenset[UUID] | None) -> frozenset[UUID] | None:
    """The only branches they will see, None for all; `now` where the form does not say. Raises BadInput."""
    # A program that names branches means these only.
    reach = wanted.reach or ("chosen" if wanted.branches else None)
    if Role(wanted.role) is Role.OWNER:
        # Somebody has to see the whole shop.
        if reach == "chosen":
            raise BadInput({"reach": _("An owner works in all branches.")})
        return None
    chosen = {None: now, "all": None, "chosen": frozenset(wanted.branches)}[reach]
    if chosen == now:
        return now
    if chosen is not None:
        _check_offered(uow, chosen, now)
    mine = uow.actor.branches
    if mine is not None and not (_within(mine, chosen) and _within(mine, now)):
        raise BadInput({"reach": _("You can decide about branches in which you work yourself, and no others.")})
    return chosen


def _check_offered(uow: UnitOfWork, chosen: frozenset[UUID], now: frozenset[UUID] | None) -> None:
    if not chosen:
        raise BadInput({"reach": _("Please choose at least one branch.")})
    if not chosen <= {branch.id for branch in branches.branches(uow)} | (now or frozenset()):
        raise BadInput({"reach": _("Please choose from the list.")})


def _within(mine: frozenset[UUID], some: frozenset[UUID] | None) -> bool:
    return some is not None and some <= mine
