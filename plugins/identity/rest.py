"""People, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.actions import change_user as changing
from plugins.identity.actions import invite as inviting
from plugins.identity.actions import let_go as leaving
from plugins.identity.actions.adjust_roles import adjust_roles
from plugins.identity.actions.end_sessions import end_theirs_here
from plugins.identity.domain.invitation import Invitation
from plugins.identity.domain.user import SHOP_ROLES, User, permissions_of
from plugins.identity.forms import InvitationForm, RolesForm, UserForm, UserQuery
from plugins.identity.permissions import ADJUST_ROLES, EDIT_USERS, SEE_USERS
from web.cursors import PageQuery, page_of
from web.routing import delete, get, post, put


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
    next: str | None


@dataclass(frozen=True, slots=True)
class RoleAnswer:
    """What people with this role may do in this shop."""

    role: str
    permissions: list[str]


@dataclass(frozen=True, slots=True)
class RolesAnswer:
    roles: list[RoleAnswer]


@dataclass(frozen=True, slots=True)
class InvitationAnswer:
    """`state` is `open`, `expired`, `accepted` or `withdrawn`."""

    id: UUID
    email: str
    name: str
    role: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class InvitationsAnswer:
    invitations: list[InvitationAnswer]
    next: str | None


@get("/api/v1/me", everyone=True, answers=MeAnswer)
def api_me(request: Request, uow: UnitOfWork) -> MeAnswer:
    """Who you are here."""
    shop, actor = uow.shop, uow.actor
    return MeAnswer(actor.id, actor.name, shop.name, shop.market, shop.currency, sorted(actor.permissions))


@get("/api/v1/users", permission=SEE_USERS, query=UserQuery, answers=UsersAnswer)
def api_list_users(request: Request, uow: UnitOfWork, query: UserQuery) -> UsersAnswer:
    """Everybody who works in the shop or has left it, by name."""
    found = (one for one in queries.all_users(uow) if one.fits(query.text, query.role or "", query.state or ""))
    shown, following = page_of(found, query, lambda one: (one.name, str(one.id)))
    return UsersAnswer([_user(one) for one in shown], following)


@get("/api/v1/users/{user}", permission=SEE_USERS, answers=UserAnswer)
def api_show_user(request: Request, uow: UnitOfWork, user: UUID) -> UserAnswer:
    """One person."""
    return _user(queries.user(uow, user))


@put(
    "/api/v1/users/{user}",
    form=UserForm,
    permission=EDIT_USERS,
    answers=UserAnswer,
    impersonating=False,
    sensitive=True,
)
def api_change_user(request: Request, uow: UnitOfWork, user: UUID, form: UserForm) -> UserAnswer:
    """Give somebody another name or role."""
    changing.change_user(uow, user, form)
    return _user(queries.user(uow, user))


@post("/api/v1/users/{user}/departure", permission=EDIT_USERS, answers=UserAnswer, impersonating=False, sensitive=True)
def api_let_go(request: Request, uow: UnitOfWork, user: UUID) -> UserAnswer:
    """Somebody works here no more: they are out within a second."""
    leaving.let_go(uow, user)
    return _user(queries.user(uow, user))


@post("/api/v1/users/{user}/return", permission=EDIT_USERS, answers=UserAnswer, impersonating=False, sensitive=True)
def api_take_back(request: Request, uow: UnitOfWork, user: UUID) -> UserAnswer:
    """Somebody who left works here again."""
    leaving.take_back(uow, user)
    return _user(queries.user(uow, user))


@post("/api/v1/users/{user}/sessions/end", permission=EDIT_USERS, status=204, impersonating=False, sensitive=True)
def api_end_sessions_of_user(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    """Sign somebody out of this shop everywhere, and with them the programs that they signed in."""
    end_theirs_here(uow, user)
    return Response(status_code=204)


@get("/api/v1/invitations", permission=EDIT_USERS, query=PageQuery, answers=InvitationsAnswer)
def api_list_invitations(request: Request, uow: UnitOfWork, query: PageQuery) -> InvitationsAnswer:
    """Who was invited and has not answered yet."""
    shown, following = page_of(queries.open_invitations(uow), query, lambda one: (str(one.id),))
    return InvitationsAnswer([_invitation(one, uow.now) for one in shown], following)


@post(
    "/api/v1/invitations",
    form=InvitationForm,
    permission=EDIT_USERS,
    answers=InvitationAnswer,
    status=201,
    impersonating=False,
    sensitive=True,
)
def api_invite_person(request: Request, uow: UnitOfWork, form: InvitationForm) -> InvitationAnswer:
    """Invite somebody by letter."""
    return _invitation(inviting.invite(uow, form), uow.now)


@post(
    "/api/v1/invitations/{invitation}/letter",
    permission=EDIT_USERS,
    answers=InvitationAnswer,
    impersonating=False,
    sensitive=True,
)
def api_invite_again(request: Request, uow: UnitOfWork, invitation: UUID) -> InvitationAnswer:
    """Send another letter; the link in the one before is dead."""
    return _invitation(inviting.invite_again(uow, invitation), uow.now)


@delete("/api/v1/invitations/{invitation}", permission=EDIT_USERS, status=204, impersonating=False, sensitive=True)
def api_withdraw_invitation(request: Request, uow: UnitOfWork, invitation: UUID) -> Response:
    """Withdraw an invitation."""
    inviting.withdraw(uow, invitation)
    return Response(status_code=204)


@get("/api/v1/roles", permission=ADJUST_ROLES, answers=RolesAnswer)
def api_show_roles(request: Request, uow: UnitOfWork) -> RolesAnswer:
    """What each role may do in this shop."""
    return _roles(uow)


@put("/api/v1/roles", form=RolesForm, permission=ADJUST_ROLES, answers=RolesAnswer, impersonating=False, sensitive=True)
def api_change_roles(request: Request, uow: UnitOfWork, form: RolesForm) -> RolesAnswer:
    """Decide what managers and employees may do, of the permissions that are `shown`; all others stay."""
    adjust_roles(uow, form)
    return _roles(uow)


def _user(user: User) -> UserAnswer:
    return UserAnswer(user.id, user.name, user.email, user.role, user.is_active)


def _invitation(one: Invitation, now: datetime) -> InvitationAnswer:
    ended = "accepted" if one.accepted_at else "withdrawn" if one.withdrawn_at else "expired"
    state = "open" if one.is_open and not one.has_expired(now) else ended
    return InvitationAnswer(
        one.id, one.email, one.name, one.role.value, one.invited_by, one.invited_at, one.expires_at, state
    )


def _roles(uow: UnitOfWork) -> RolesAnswer:
    declared = [given.value for given in uow.plugins.given("permissions") if given.plugin in uow.shop.plugins]
    adjusted = queries.adjustments(uow)
    return RolesAnswer(
        [RoleAnswer(role.value, sorted(permissions_of(role, declared, adjusted[role]))) for role in SHOP_ROLES]
    )
