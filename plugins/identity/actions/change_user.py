"""A person gets another name, role or reach in the shop."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions.choose_branches import choose_branches
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.user import LastOwner, Role, User
from plugins.identity.forms import UserForm


def change_user(uow: UnitOfWork, user_id: UUID, wanted: UserForm) -> User:
    """Raises MoreThanYouMay, and LastOwner when nobody would own the shop."""
    # Counts nobody, but locks the counter: of two owners who step down at once, the second sees the first one's step.
    limits.use(uow, "users", 0, _("users"))
    before = queries.user(uow, user_id)
    after = replace(
        before,
        name=wanted.name,
        role=Role(wanted.role),
        language=wanted.language,
        branches=choose_branches(uow, wanted, before.branches),
    )
    stay_within_role(uow, before.role, after.role)
    store.change_user(uow, after)
    if after.branches != before.branches:
        store.change_branches(uow, after.id, after.branches)
    if before.role is Role.OWNER and not queries.active_owners(uow):
        raise LastOwner(before.name)
    return after
