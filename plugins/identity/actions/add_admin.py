"""Somebody runs the installation."""

from __future__ import annotations

from kernel.uow import PlatformWork
from plugins.identity import store
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.domain.start_password import GOOD_FOR, start_password


def add_admin(work: PlatformWork, email: str, name: str, password: str | None = None) -> str | None:
    """Answers the password to begin with; None where one was given, or the person has an account already."""
    given = password or start_password()
    until = None if password else work.now + GOOD_FOR
    person, is_new = store.find_or_add_person(work, email, hash_password(given), until)
    store.add_admin(work, person, name)
    return given if is_new and password is None else None
