"""A person makes a key for a program, and revokes it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.programs import queries, store
from plugins.programs.domain.key import (
    LIFETIMES,
    MOST_KEYS,
    SHOWN,
    NoSuchKey,
    TooManyKeys,
    hash_of,
    may_hold,
    new_key,
)
from plugins.programs.forms import KeyForm


@dataclass(frozen=True, slots=True)
class Made:
    """A new key: the only time that it is seen."""

    id: UUID
    name: str
    secret: str


def make_key(uow: UnitOfWork, form: KeyForm) -> Made:
    """Raises MoreThanYouMay, TooManyKeys."""
    scopes = may_hold(form.scopes, uow.actor.permissions)
    if queries.count_keys(uow) >= MOST_KEYS:
        raise TooManyKeys
    secret = new_key()
    expires_at = uow.now + LIFETIMES[form.days]
    id = store.add_key(uow, form.name, secret[:SHOWN], hash_of(secret), scopes, expires_at)
    return Made(id, form.name, secret)


def revoke_key(uow: UnitOfWork, key: UUID) -> None:
    """Raises NoSuchKey."""
    if not store.end_key(uow, key):
        raise NoSuchKey
