"""Nobody gives to others, or takes from them, what they may not do themselves."""

from __future__ import annotations

from collections.abc import Set

from kernel.i18n import _
from kernel.tenancy import ActorKind
from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.domain.user import MoreThanYouMay, Role, permissions_of


def stay_within(uow: UnitOfWork, permissions: Set[str]) -> None:
    """Raises MoreThanYouMay. Whoever runs the installation, and the house itself, are bound by other rules."""
    if uow.actor.kind is not ActorKind.PERSON:
        return
    for given in uow.plugins.given("permissions"):
        if given.value.name in permissions and not uow.actor.may(given.value.name):
            raise MoreThanYouMay(_(given.value.title))


def stay_within_role(uow: UnitOfWork, *roles: Role) -> None:
    """The same for whole roles: who may not do what a role may, makes nobody that, and changes nobody who is."""
    declared = [given.value for given in uow.plugins.given("permissions")]
    adjusted = queries.adjustments(uow)
    for role in roles:
        stay_within(uow, permissions_of(role, declared, adjusted[role]))
