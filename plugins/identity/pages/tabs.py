"""The ways between the pages about the people of a shop."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.identity.permissions import ADJUST_ROLES, EDIT_USERS, SEE_USERS

_PAGES: tuple[tuple[str, str, Permission], ...] = (
    (N_("People"), "/users", SEE_USERS),
    (N_("Invitations"), "/users/invitations", EDIT_USERS),
    (N_("Roles"), "/users/roles", ADJUST_ROLES),
)


def tabs(uow: UnitOfWork, here: str) -> list[tuple[str, str, bool]]:
    """Those that the person at hand may open."""
    return [(_(title), path, path == here) for title, path, permission in _PAGES if uow.actor.may(permission.name)]
