"""Somebody runs the installation."""

from __future__ import annotations

from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.domain.start_password import GOOD_FOR, start_password


def add_admin(work: PlatformWork, email: str, name: str, password: str | None = None) -> str | None:
    """Answers the password to begin with; None where one was given.

    Any shop can make an account for any address, and knows the password that it began with. So whoever comes to the
    platform gets a new one; what was open under the old one is closed, and what was added with it opens nothing: a
    passkey needs no password.
    """
    given = password or start_password()
    until = None if password else work.now + GOOD_FOR
    hashed = hash_password(given)
    person, is_new = store.find_or_add_person(work, email, hashed, until)
    if not is_new:
        if not queries.is_admin(work, person):
            store.drop_factors(work, person)
        store.drop_resets(work, person)
        store.set_password(work, person, hashed, until)
        store.end_sessions_of(work, person)
    store.add_admin(work, person, name)
    return given if password is None else None
