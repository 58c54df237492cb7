"""Somebody is invited to work in the shop; the letter is sent again, or the invitation is withdrawn."""

from __future__ import annotations

from uuid import UUID

from kernel import limits
from kernel.i18n import _
from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions.choose_branches import choose_branches
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.invitation import Invitation, InvitationOver, WasHere, good_until
from plugins.identity.domain.user import AlreadyHere, Role
from plugins.identity.events import PersonInvited
from plugins.identity.forms import InvitationForm


def invite(uow: UnitOfWork, wanted: InvitationForm) -> Invitation:
    """Raises AlreadyHere, WasHere, AlreadyInvited, LimitReached, MoreThanYouMay."""
    role = Role(wanted.role)
    stay_within_role(uow, role)
    limits.check_room(uow, "users", _("users"))
    _check_unknown(uow, wanted.email)
    invitation = Invitation(
        id=new_id(),
        email=wanted.email,
        name=wanted.name,
        role=role,
        language=wanted.language,
        branches=choose_branches(uow, wanted, uow.actor.branches),
        invited_by=uow.actor.name,
        invited_at=uow.now,
        expires_at=good_until(uow.now, uow.shop.zone),
    )
    store.withdraw_expired(uow, wanted.email)
    store.add_invitation(uow, invitation)
    uow.publish(PersonInvited(invitation.id))
    return invitation


def invite_again(uow: UnitOfWork, invitation_id: UUID) -> Invitation:
    """With a new letter, which is good as long as a new one; the link in the old one is dead from now on."""
    invitation = queries.invitation(uow, invitation_id)
    stay_within_role(uow, invitation.role)
    limits.check_room(uow, "users", _("users"))
    if not store.renew_invitation(uow, invitation.id, good_until(uow.now, uow.shop.zone)):
        raise _over()
    uow.publish(PersonInvited(invitation.id))
    return invitation


def withdraw(uow: UnitOfWork, invitation_id: UUID) -> Invitation:
    invitation = queries.invitation(uow, invitation_id)
    stay_within_role(uow, invitation.role)
    if not store.withdraw_invitation(uow, invitation.id):
        raise _over()
    return invitation


def _over() -> InvitationOver:
    return InvitationOver(_("This invitation has been accepted or withdrawn meanwhile."))


def _check_unknown(uow: UnitOfWork, email: str) -> None:
    for user in queries.all_users(uow):
        if user.email.lower() == email.lower():
            raise AlreadyHere(email) if user.is_active else WasHere(user.name)
