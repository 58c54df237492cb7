"""Somebody answers an invitation: with a new account, or with the one they have."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel import limits
from kernel.access import SignedIn
from kernel.i18n import _
from kernel.ids import new_id
from kernel.tenancy import Actor, ActorKind, Shop, TenantId
from kernel.uow import Database, UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions.choose_password import check_choice
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.actions.next_stage import next_stage
from plugins.identity.actions.own_ways import is_open_to
from plugins.identity.actions.sign_in import Entered
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.invitation import (
    ForSomebodyElse,
    Invitation,
    InvitationOver,
    NoSuchInvitation,
    SignInFirst,
)
from plugins.identity.domain.session import ByProviderAlone, Token, Visitor
from plugins.identity.domain.user import User
from plugins.identity.forms import AcceptanceForm
from plugins.identity.queries import Login


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation as the letter's link shows it. `login` is the account that the address has already."""

    invitation: Invitation
    shop: Shop
    login: Login | None

    @property
    def has_to_sign_in(self) -> bool:
        """Who gets in somewhere has a password to show. Who gets in nowhere any more begins like somebody new."""
        return self.login is not None and self.login.may_enter


def look_up(database: Database, shop: UUID, token: Token) -> Asked:
    """What the link in a letter is about. Raises NoSuchInvitation, InvitationOver."""
    with database.for_shop(TenantId(shop), DOOR, read_only=True) as uow:
        invitation = _good(uow, token)
    with database.for_platform("look an invitation up", DOOR, read_only=True) as work:
        return Asked(invitation, uow.shop, queries.login(work, invitation.email))


def accept_as_new(database: Database, shop: UUID, token: Token, form: AcceptanceForm, visitor: Visitor) -> Entered:
    """With a name and a password of their own choice. Raises SignInFirst, WeakPassword, LimitReached as well.

    Who holds the letter holds the mailbox: that is as good as a letter by which a password is chosen anew. An account
    that is there already and opens nothing gets it first, so that whatever breaks off on the way, they have the
    password that they chose: whoever has joined can sign in, and whoever has not can begin again. In one transaction
    it cannot be: no role of the database reaches both the installation's people and the rows of a shop.

    Raises ByProviderAlone when they have joined and the shop's own provider is the way in.
    """
    asked = look_up(database, shop, token)
    if asked.has_to_sign_in:
        raise SignInFirst
    check_choice(form, [asked.invitation.email, form.name, asked.shop.name])
    hashed = hash_password(form.password)
    try:
        person = _with_password(database, asked.invitation.email, hashed) or new_id()
    except SignInFirst:
        look_up(database, shop, token)  # of two clicks at once, the other one accepted it
        raise
    with database.for_shop(asked.shop.id, Actor(ActorKind.PERSON, person, form.name)) as uow:
        invitation = _good(uow, token)
        found, _is_new = store.find_or_add_person(uow, invitation.email, hashed, None, wanted=person)
        if found != person:
            _good(uow, token)  # of two clicks at once one made the account
            raise SignInFirst  # somebody else did
        _join(uow, invitation, token, person, form.name)
        is_open = is_open_to(uow, invitation.role)
    if not is_open:
        raise ByProviderAlone(asked.shop.name, asked.shop.slug)
    stage = next_stage(database, person, asked.shop.id)
    entered = Entered(Token.new(), stage, to_platform=False, language=invitation.language)
    with database.for_platform("accept an invitation", DOOR) as work:
        if asked.login is None and invitation.language:
            store.set_language(work, person, invitation.language)  # what later letters to them speak
        if visitor.token:
            store.end_session(work, visitor.token.hash)
        store.open_session(work, entered.token, person, asked.shop.id, stage, visitor.address, visitor.device)
        store.remember_place(work, person, asked.shop.id)
    return entered


def _with_password(database: Database, email: str, hashed: str) -> UUID | None:
    """Who has this address already, with a new password. Raises SignInFirst where the one they have opens something."""
    with database.for_platform("accept an invitation", DOOR) as work:
        login = queries.login(work, email)
        if login is None:
            return None
        if login.may_enter:
            raise SignInFirst  # somebody took them in just now
        store.set_password(work, login.person, hashed)
        store.drop_resets(work, login.person)
        store.end_sessions_of(work, login.person)
        return login.person


def accept_as(database: Database, shop: UUID, token: Token, person: SignedIn) -> Shop:
    """By whoever is signed in with this very address. Raises ForSomebodyElse as well."""
    asked = look_up(database, shop, token)
    check_theirs(asked, person)
    assert person.actor.id is not None
    name = asked.invitation.name
    with database.for_shop(asked.shop.id, Actor(ActorKind.PERSON, person.actor.id, name)) as uow:
        _join(uow, _good(uow, token), token, person.actor.id, name)
    return asked.shop


def check_theirs(asked: Asked, person: SignedIn) -> None:
    """An admin who acts in somebody's account is not that person. Raises ForSomebodyElse."""
    theirs = asked.login is not None and person.actor.id == asked.login.person and person.impersonation is None
    if not theirs:
        raise ForSomebodyElse(asked.invitation.email)


def _good(uow: UnitOfWork, token: Token) -> Invitation:
    invitation = queries.invitation_in_letter(uow, token.hash)
    if invitation is None:
        raise NoSuchInvitation
    if not uow.shop.state.allows.change:
        raise InvitationOver(_("This shop takes nobody in at the moment. Please ask whoever invited you."))
    invitation.check_acceptable(uow.now)
    return invitation


def _join(uow: UnitOfWork, invitation: Invitation, token: Token, person: UUID, name: str) -> None:
    if not store.accept_invitation(uow, invitation.id):
        _good(uow, token)
        raise NoSuchInvitation  # it is good, and not in this letter: another one has just been sent
    limits.use(uow, "users", +1, _("users"))
    user = User(person, name, invitation.email, invitation.role, language=invitation.language)
    store.add_user(uow, user)
    if invitation.branches is not None:
        store.limit_to_branches(uow, person, invitation.branches)
