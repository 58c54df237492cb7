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
    named = frozenset(wanted.branches)
    _check_offered(uow, named, now)
    if wanted.reach == "all" and named and named != now:
        # Boxes that are as they were may stay ticked; a new one says that not all are meant.
        raise BadInput({"reach": _("You chose all branches and ticked some of them. Please choose one or the other.")})
    # A program that names branches means these only.
    reach = wanted.reach or ("chosen" if named else None)
    if Role(wanted.role) is Role.OWNER:
        # Somebody has to see the whole shop.
        if reach == "chosen":
            raise BadInput({"reach": _("An owner works in all branches.")})
        reach = "all"
    chosen = {None: now, "all": None, "chosen": named}[reach]
    if chosen == now:
        return now
    if chosen is not None and not chosen:
        raise BadInput({"reach": _("Please choose at least one branch.")})
    mine = uow.actor.branches
    if mine is not None and not (_within(mine, chosen) and _within(mine, now)):
        raise BadInput({"reach": _("You can decide about branches in which you work yourself, and no others.")})
    return chosen


def _check_offered(uow: UnitOfWork, named: frozenset[UUID], now: frozenset[UUID] | None) -> None:
    """Also where all are meant: a box may stay ticked, but one that is not of this shop was never on the page."""
    fresh = named - (now or frozenset())
    if fresh and not fresh <= {branch.id for branch in branches.branches(uow)}:
        raise BadInput({"reach": _("Please choose from the list.")})


def _within(mine: frozenset[UUID], some: frozenset[UUID] | None) -> bool:
    return some is not None and some <= mine
