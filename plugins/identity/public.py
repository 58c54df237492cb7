"""What other plugins may know of people."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.actions.act_for import Acting, act_for, allow_changes, come_back, end_acting
from plugins.identity.actions.add_admin import add_admin
from plugins.identity.actions.add_user import Added, add_user, add_user_with_password
from plugins.identity.actions.enrol_app import give_app
from plugins.identity.actions.enter_program import ProgramSession, end_program, enter_program, find_program
from plugins.identity.actions.invite import invite, invite_again
from plugins.identity.actions.own_ways import allow_own_ways, end_confined, enter_by_provider, vouch_for
from plugins.identity.actions.recognise import actor_of, forget
from plugins.identity.actions.remove_admin import remove_admin
from plugins.identity.actions.reset_password import send_reset
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.invitation import Invitation
from plugins.identity.domain.session import LONGEST, Session, Token, Visitor
from plugins.identity.domain.user import AddressTaken, Role, User, permissions_of
from plugins.identity.events import PersonInvited
from plugins.identity.forms import InvitationForm, NewUserForm, Password
from plugins.identity.permissions import EDIT_USERS
from plugins.identity.ports import Limits, SessionCache
from plugins.identity.queries import admins_among, sessions_alive
from web.forms import validate

__all__ = [
    "EDIT_USERS",
    "LONGEST",
    "Acting",
    "Added",
    "AddressTaken",
    "Invitation",
    "Limits",
    "NewUserForm",
    "Password",
    "PersonInvited",
    "ProgramSession",
    "Role",
    "Session",
    "SessionCache",
    "Token",
    "User",
    "Visitor",
    "act_for",
    "actor_of",
    "add_admin",
    "add_user",
    "add_user_with_password",
    "admins_among",
    "allow_changes",
    "allow_own_ways",
    "come_back",
    "end_acting",
    "end_confined",
    "end_program",
    "enter_by_provider",
    "enter_program",
    "everybody",
    "find_program",
    "forget",
    "give_app",
    "invite_owner",
    "invite_owner_again",
    "invited_owners",
    "permissions_of",
    "remove_admin",
    "send_reset",
    "sessions_alive",
    "stay_within_role",
    "user",
    "users",
    "vouch_for",
]  # fmt: skip


def users(uow: UnitOfWork) -> list[User]:
    """Everybody who works in the shop, by name."""
    return [user for user in queries.all_users(uow) if user.is_active]


def everybody(uow: UnitOfWork) -> list[User]:
    """Who works here and who has left, by name."""
    return queries.all_users(uow)


def user(uow: UnitOfWork, user: UUID) -> User:
    """One person, also when they have left. Raises NotFound."""
    return queries.user(uow, user)


def invite_owner(uow: UnitOfWork, email: str, name: str, language: str | None = None) -> Invitation:
    """The first of a new shop, by letter. Raises BadInput for what is no address, and what `invite` raises."""
    return invite(uow, validate(InvitationForm, {"email": email, "name": name, "role": "owner", "language": language}))


def invited_owners(uow: UnitOfWork) -> list[Invitation]:
    """Who was asked to own the shop and has not come in, the newest first."""
    return [invitation for invitation in queries.open_invitations(uow) if invitation.role is Role.OWNER]


def invite_owner_again(uow: UnitOfWork, invitation: UUID) -> Invitation:
    """By a new letter. Raises NotFound for whoever is asked to be anything else, and what `invite_again` raises."""
    if queries.invitation(uow, invitation).role is not Role.OWNER:
        raise NotFound(_("There is no such invitation."))
    return invite_again(uow, invitation)
