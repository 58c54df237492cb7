"""People, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.permissions import SEE_USERS
from web.routing import get


@dataclass(frozen=True, slots=True)
class MeAnswer:
    """Who asks, for which shop, and what they may do there."""

    id: UUID | None
    name: str
    shop: str
    market: str
    currency: str
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class UserAnswer:
    id: UUID
    name: str
    email: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class UsersAnswer:
    users: list[UserAnswer]


@get("/api/v1/me", everyone=True, answers=MeAnswer)
def api_me(request: Request, uow: UnitOfWork) -> MeAnswer:
    """Who you are here."""
    shop, actor = uow.shop, uow.actor
    return MeAnswer(actor.id, actor.name, shop.name, shop.market, shop.currency, sorted(actor.permissions))


@get("/api/v1/users", permission=SEE_USERS, answers=UsersAnswer)
def api_list_users(request: Request, uow: UnitOfWork) -> UsersAnswer:
    """Everybody who works in the shop or has left it."""
    found = queries.all_users(uow)
    return UsersAnswer([UserAnswer(user.id, user.name, user.email, user.role, user.is_active) for user in found])
