"""Somebody is sent to the shop's provider."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.access import SignedIn
from kernel.errors import TooMany
from kernel.i18n import _
from kernel.networks import neighbourhood
from plugins.single_sign_on.actions.gate import DOOR, Gate
from plugins.single_sign_on.domain import AWAY, Asked, Attempt, NotTheSamePerson, Purpose
from plugins.single_sign_on.permissions import CONFIGURE

#: The people of a shop come from one address, and each of them once a day.
ASKED_MOST, ASKED_SECONDS = 60, 60


@dataclass(frozen=True, slots=True)
class Away:
    """Where the browser goes, and what it carries until it comes back."""

    address: str
    carried: str


def ask(gate: Gate, slug: str, address: str, purpose: Purpose, person: SignedIn | None, on: str) -> Away:
    """`on` is the page to go on to. Raises TooMany, NoProvider, NotTheSamePerson, ProviderIsAway, UnfitIssuer."""
    if not gate.limits.allow(f"single-sign-on:{neighbourhood(address)}", most=ASKED_MOST, seconds=ASKED_SECONDS):
        raise TooMany(_("Too many tries. Please wait a minute and sign in again."))
    shop = gate.shop(slug)
    with gate.database.for_shop(shop, DOOR, read_only=True) as uow:
        provider = gate.provider(uow, purpose)
        client = gate.client(uow, provider)
    holder = None
    if purpose is not Purpose.ENTER:
        if person is None or person.tenant != shop or person.impersonation is not None:
            raise NotTheSamePerson
        if purpose is Purpose.TRY and not person.actor.may(CONFIGURE.name):
            raise NotTheSamePerson
        holder = person.actor.id
    asked = Asked.new()
    # Outside of any transaction: a provider may take its time.
    there = gate.providers.begin(client, asked, anew=purpose is Purpose.PROVE)
    until = gate.database.clock.now() + AWAY
    attempt = Attempt(shop, provider.issuer, provider.client_id, purpose, holder, on, until, asked)
    return Away(there, gate.sealed(attempt))
