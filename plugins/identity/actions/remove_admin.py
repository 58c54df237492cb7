"""Somebody runs the installation no more."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import PlatformWork
from plugins.identity import queries, store


def remove_admin(work: PlatformWork, email: str) -> None:
    """What they are in shops stays. Raises NotFound."""
    login = queries.login(work, email)
    if login is None or login.admin_name is None:
        raise NotFound(_("Nobody with this address runs the installation."))
    store.remove_admin(work, login.person)
