"""An owner decides what managers and employees of the shop may do."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions.stay_within import stay_within
from plugins.identity.domain.user import ADJUSTED_ROLES, Role, permissions_of
from plugins.identity.forms import RolesForm


def adjust_roles(uow: UnitOfWork, wanted: RolesForm) -> None:
    """It counts from everybody's next request. Raises MoreThanYouMay."""
    declared = [given.value for given in uow.plugins.given("permissions") if given.plugin in uow.shop.plugins]
    decidable = {each.name for each in declared if Role.OWNER in each.roles} & {*wanted.shown}
    adjusted = queries.adjustments(uow)
    for role, ticked in zip(ADJUSTED_ROLES, (wanted.manager, wanted.employee), strict=True):
        before = permissions_of(role, declared, adjusted[role])
        changed = (before ^ {*ticked}) & decidable
        if changed:
            stay_within(uow, changed)
            store.adjust_role(uow, role, {name: name in ticked for name in changed})
