"""Whoever decides about the people of a shop takes a key or a program from one of them: one they forgot, or a leak."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.programs import store
from plugins.programs.domain.key import NoSuchKey
from plugins.programs.domain.passes import NoSuchProgram


def revoke_theirs(uow: UnitOfWork, user: UUID, key: UUID) -> None:
    """Raises NotFound, MoreThanYouMay, NoSuchKey."""
    person = _within_reach(uow, user)
    if not store.end_key(uow, key, person.id):
        raise NoSuchKey
    uow.record("programs.end_key_of_user", person=person.name)


def end_theirs(uow: UnitOfWork, user: UUID, session: UUID) -> None:
    """The program that they signed in; other processes know it within a second. Raises as above, or NoSuchProgram."""
    person = _within_reach(uow, user)
    called = store.end_program(uow, person.id, session)
    if called is None:
        raise NoSuchProgram
    uow.record("programs.end_program_of_user", person=person.name, called=called)


def _within_reach(uow: UnitOfWork, user: UUID) -> identity.User:
    person = identity.user(uow, user)
    identity.stay_within_role(uow, person.role)
    return person
