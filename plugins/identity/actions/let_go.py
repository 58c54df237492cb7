"""A person stops working in the shop, or comes back."""

from __future__ import annotations

from uuid import UUID

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.user import LastOwner, NotYourself, Role, StillHere


def let_go(uow: UnitOfWork, user_id: UUID) -> None:
    """They are out within a second; what they did stays under their name.

    Raises NotYourself, MoreThanYouMay, LastOwner, HasLeft.
    """
    # Locks the counter: of two owners who let each other go at once, the second sees what the first did.
    limits.use(uow, "users", -1, _("users"))
    user = queries.user(uow, user_id)
    if user.id == uow.actor.id:
        raise NotYourself
    stay_within_role(uow, user.role)
    store.add_departure(uow, user)
    if user.role is Role.OWNER and not queries.active_owners(uow):
        raise LastOwner(user.name)
    store.end_sessions_here(uow, user.id)


def take_back(uow: UnitOfWork, user_id: UUID) -> None:
    """Raises StillHere, LimitReached, MoreThanYouMay."""
    limits.use(uow, "users", +1, _("users"))
    user = queries.user(uow, user_id)
    stay_within_role(uow, user.role)
    if not store.end_departure(uow, user.id):
        raise StillHere(user.name)
