"""The shop's people, in the search of every page."""

from __future__ import annotations

from kernel.contributions import Found, Search
from kernel.i18n import N_
from kernel.text import search_key
from kernel.uow import UnitOfWork
from plugins.identity.domain.user import User
from plugins.identity.permissions import SEE_USERS
from plugins.identity.queries import all_users


def find_people(uow: UnitOfWork, text: str, limit: int) -> list[Found]:
    """By the beginnings of their names, or of their address; a shop has few enough to look at all."""
    wanted = search_key(text).split()
    called = [
        user for user in all_users(uow) if all(any(each.startswith(one) for each in _names(user)) for one in wanted)
    ]
    return [Found(user.name, (user.email,), f"/users/{user.id}", "user") for user in called[:limit]]


def _names(user: User) -> list[str]:
    return search_key(f"{user.name} {user.email}").split()


PEOPLE = Search("identity.people", N_("People"), SEE_USERS, find_people, order=300)
