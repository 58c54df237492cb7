"""Somebody comes back from the shop's provider: they come in, or two accounts are found to be one person's."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel.access import SignedIn
from kernel.errors import GoldsmithError
from kernel.tenancy import Actor, ActorKind, TenantId
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.single_sign_on import queries, store
from plugins.single_sign_on.actions.gate import DOOR, Gate
from plugins.single_sign_on.domain import (
    AWAY,
    Attempt,
    BeginAgain,
    Newcomers,
    NotAskedAnew,
    NotByProvider,
    NotInvited,
    NotTheSamePerson,
    NotVerified,
    NotVouchedFor,
    OtherDomain,
    ProveItFirst,
    Provider,
    ProviderDeclined,
    Purpose,
    Vouched,
)
from plugins.single_sign_on.forms import AnswerQuery

SIGN_IN, LINK, PROVE = "identity.sign_in", "single_sign_on.link", "identity.prove"


_TOLD = {Purpose.LINK: LINK, Purpose.PROVE: PROVE}


@dataclass(frozen=True, slots=True)
class Back:
    """What came of it: a session (`ENTER`, and `PROVE` under another token), a link (`LINK`), or only what the provider
    says (`TRY`)."""

    purpose: Purpose
    on: str
    vouched: Vouched
    token: identity.Token | None = None


def come_back(
    gate: Gate,
    slug: str,
    carried: str | None,
    answer: AnswerQuery,
    visitor: identity.Visitor,
    person: SignedIn | None,
) -> Back:
    """Raises BeginAgain, ProviderDeclined, NotVouchedFor, and what keeps somebody out of this shop."""
    shop, attempt = gate.shop(slug), gate.opened(carried)
    if not attempt.is_answered_by(shop, answer.state, gate.database.clock.now()):
        raise BeginAgain
    # Each answer counts once, on every process.
    if not gate.limits.allow(f"single-sign-on:{attempt.mark}", most=1, seconds=2 * int(AWAY.total_seconds())):
        raise BeginAgain
    try:
        vouched = _vouched(gate, shop, attempt, answer)
        match attempt.purpose:
            case Purpose.ENTER:
                return _enter(gate, shop, attempt, vouched, visitor)
            case Purpose.PROVE:
                return _prove(gate, shop, attempt, vouched, visitor, person)
            case Purpose.LINK:
                return _link(gate, shop, attempt, vouched, person)
            case Purpose.TRY:
                return Back(Purpose.TRY, attempt.next, vouched)
    except GoldsmithError as refusal:
        _tell(gate, shop, attempt, visitor, refusal)
        raise


def _vouched(gate: Gate, shop: TenantId, attempt: Attempt, answer: AnswerQuery) -> Vouched:
    if answer.error is not None or not answer.code:
        raise ProviderDeclined
    with gate.database.for_shop(shop, DOOR, read_only=True) as uow:
        provider = _still(gate, uow, attempt)
        client = gate.client(uow, provider)
    return gate.providers.finish(client, attempt.asked, answer.code, answer.iss)


def _still(gate: Gate, uow: UnitOfWork, attempt: Attempt) -> Provider:
    provider = gate.provider(uow, attempt.purpose)
    if not attempt.is_for(provider):
        raise BeginAgain
    return provider


def _enter(gate: Gate, shop: TenantId, attempt: Attempt, who: Vouched, visitor: identity.Visitor) -> Back:
    with gate.database.for_shop(shop, DOOR) as uow:
        user = _user(uow, _still(gate, uow, attempt), who)
        _check_no_admin(gate, user.id)
    with gate.database.for_platform("sign in by a provider", DOOR) as work:
        token = identity.enter_by_provider(work, shop, user.id, visitor)
    with gate.database.for_shop(shop, Actor(ActorKind.PERSON, user.id, user.name)) as uow:
        uow.record(SIGN_IN, proof="single_sign_on", device=visitor.device)
    return Back(Purpose.ENTER, attempt.next, who, token)


def _user(uow: UnitOfWork, provider: Provider, who: Vouched) -> identity.User:
    """Whom the provider means. An e-mail address alone never opens an account that is there already, unless an owner
    has left it to the provider alone to say who works here; theirs it does not open then either."""
    _check(provider, who)
    linked = queries.linked_user(uow, provider.issuer, who.subject)
    if linked is not None:
        user = identity.user(uow, linked)
        if not user.is_active:
            raise NotInvited
        return user
    here = next((user for user in identity.everybody(uow) if user.email.lower() == who.email.lower()), None)
    if here is not None and here.is_active:
        if provider.own_ways or here.role is identity.Role.OWNER:
            raise ProveItFirst
        # They could not sign in to prove it. What opens is this shop alone, and nothing that is their own.
        store.link(uow, here.id, provider.issuer, who)
        return here
    if here is not None or provider.newcomers is Newcomers.NOBODY:
        raise NotInvited
    return _new_user(uow, provider, who)


def _check(provider: Provider, who: Vouched) -> None:
    if not who.email_is_verified:
        raise NotVerified
    if not provider.takes(who.email):
        raise OtherDomain


def _check_no_admin(gate: Gate, user: UUID) -> None:
    """Before anything of this visit is kept."""
    with gate.database.for_platform("ask who runs the installation", DOOR, read_only=True) as work:
        if identity.admins_among(work, [user]):
            raise NotByProvider


def _new_user(uow: UnitOfWork, provider: Provider, who: Vouched) -> identity.User:
    """With a password that nobody knows. Somebody who has an account elsewhere joins by an invitation alone."""
    form = identity.NewUserForm.model_validate(
        {"name": who.name[:80] or who.email, "email": who.email, "role": provider.newcomers.value}
    )
    try:
        user = identity.add_user_with_password(uow, form, secrets.token_urlsafe(48))
    except identity.AddressTaken as taken:
        raise NotInvited from taken
    store.link(uow, user.id, provider.issuer, who)
    return user


def _prove(
    gate: Gate, shop: TenantId, attempt: Attempt, who: Vouched, visitor: identity.Visitor, signed_in: SignedIn | None
) -> Back:
    person = _who_began(shop, attempt, signed_in)
    if not attempt.is_shown_since(who, gate.database.clock.now()):
        raise NotAskedAnew(attempt.next)
    with gate.database.for_shop(shop, person.actor) as uow:
        provider = _still(gate, uow, attempt)
        if queries.linked_user(uow, provider.issuer, who.subject) != person.actor.id or visitor.token is None:
            raise NotTheSamePerson
        with gate.database.for_platform("prove who it is", DOOR) as work:
            token = identity.vouch_for(work, visitor.token)
        uow.record(PROVE, proof="single_sign_on")
    return Back(Purpose.PROVE, attempt.next, who, token)


def _who_began(shop: TenantId, attempt: Attempt, person: SignedIn | None) -> SignedIn:
    """Still signed in, here, and nobody in their name. Raises NotTheSamePerson."""
    if person is None or person.tenant != shop or person.actor.id != attempt.person or person.impersonation:
        raise NotTheSamePerson
    return person


def _link(gate: Gate, shop: TenantId, attempt: Attempt, who: Vouched, signed_in: SignedIn | None) -> Back:
    person = _who_began(shop, attempt, signed_in)
    with gate.database.for_shop(shop, person.actor) as uow:
        provider = _still(gate, uow, attempt)
        _check(provider, who)
        user = _myself(person)
        _check_no_admin(gate, user)
        if queries.linked_user(uow, provider.issuer, who.subject) != user:
            store.link(uow, user, provider.issuer, who)
        uow.record(LINK, email=who.email)
    return Back(Purpose.LINK, attempt.next, who)


def _myself(person: SignedIn) -> UUID:
    assert person.actor.id is not None
    return person.actor.id


def _tell(gate: Gate, shop: TenantId, attempt: Attempt, visitor: identity.Visitor, refusal: GoldsmithError) -> None:
    """The shop hears that somebody was not let in, and why."""
    because = refusal.because if isinstance(refusal, NotVouchedFor) else type(refusal).code()
    details: dict[str, Any] = {"proof": "single_sign_on", "device": visitor.device, "because": because}
    with suppress(GoldsmithError), gate.database.for_shop(shop, DOOR) as uow:
        uow.record(_TOLD.get(attempt.purpose, SIGN_IN), outcome="refused", **details)
