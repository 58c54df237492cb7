"""Somebody's account at the provider opens theirs in the shop no more."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.single_sign_on import queries, store
from plugins.single_sign_on.domain import OnlyWay


def unlink(uow: UnitOfWork) -> None:
    """Raises OnlyWay where they could not come in again."""
    assert uow.actor.id is not None
    provider = queries.provider(uow)
    has_own_way = provider is None or not provider.is_on or provider.own_ways
    if not has_own_way and identity.user(uow, uow.actor.id).role is not identity.Role.OWNER:
        raise OnlyWay
    store.unlink(uow, uow.actor.id)
