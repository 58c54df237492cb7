"""The owners of a shop are told."""

from __future__ import annotations

from kernel.events import on
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation.events import AdminCame
from plugins.impersonation.jobs import write_to_owner


@on(AdminCame)
def tell_owners(uow: UnitOfWork, came: AdminCame) -> None:
    """A letter to each; a wrong address of one keeps none of the others waiting."""
    for user in identity.users(uow):
        if user.role is identity.Role.OWNER:
            uow.enqueue(write_to_owner, visit=str(came.visit), owner=str(user.id))
