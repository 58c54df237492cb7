"""A person makes a key for a program, and revokes it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.contributions import Given, Scope
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


def scopes(uow: UnitOfWork) -> list[Given]:
    """The permissions that a key of this person can hold: theirs, as far as an address of the API asks for them.

    One that no address asks for at all, such as to see what a piece cost, is asked for on the way.
    """
    on = [one for one in uow.plugins.given("routes") if one.plugin in uow.shop.plugins]
    api = [one for one in on if one.value.is_api and one.value.scope is Scope.SHOP]
    asked = {one.value.permission for one in on}
    used = {one.value.permission for one in api if not one.value.sensitive}
    have_api = {one.plugin for one in api}
    return [
        given
        for given in uow.plugins.given("permissions")
        if given.plugin in uow.shop.plugins and uow.actor.may(given.value.name)
        if given.value in used or (given.value not in asked and given.plugin in have_api)
    ]


def make_key(uow: UnitOfWork, form: KeyForm) -> Made:
    """Raises MoreThanYouMay, TooManyKeys."""
    chosen = may_hold(form.scopes, {given.value.name for given in scopes(uow)})
    if queries.count_keys(uow, uow.actor.id) >= MOST_KEYS:
        raise TooManyKeys
    secret = new_key()
    expires_at = uow.now + LIFETIMES[form.days]
    id = store.add_key(uow, form.name, secret[:SHOWN], hash_of(secret), chosen, expires_at)
    return Made(id, form.name, secret)


def revoke_key(uow: UnitOfWork, key: UUID) -> None:
    """One's own. Raises NoSuchKey."""
    if not store.end_key(uow, key, uow.actor.id):
        raise NoSuchKey
