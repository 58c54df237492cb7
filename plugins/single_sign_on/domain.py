"""A shop's own provider of identities (OpenID Connect): whom it may vouch for, and what is not believed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from kernel.errors import NotFound, RuleBroken, TryLater
from kernel.i18n import N_, _

#: So long somebody may be away at the provider.
AWAY = timedelta(minutes=10)
#: Clocks that differ by so much are the same.
CLOCKS = timedelta(minutes=1)


class Newcomers(StrEnum):
    """What becomes of somebody whom the provider vouches for and who does not work here yet. Never an owner."""

    NOBODY = "nobody"
    EMPLOYEE = "employee"
    MANAGER = "manager"

    @property
    def words(self) -> str:
        return _(_NEWCOMERS[self])


_NEWCOMERS = {
    Newcomers.NOBODY: N_("Nobody: people are invited first"),
    Newcomers.EMPLOYEE: N_("Becomes an employee"),
    Newcomers.MANAGER: N_("Becomes a manager"),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for the people of a shop. `secret` is locked."""

    issuer: str
    client_id: str
    secret: bytes = field(repr=False)
    title: str
    domains: tuple[str, ...]
    newcomers: Newcomers
    own_ways: bool
    is_on: bool

    def takes(self, email: str) -> bool:
        """Without any domain those of all, who then have to work here already."""
        return not self.domains or email.rpartition("@")[2].lower() in self.domains


@dataclass(frozen=True, slots=True)
class Client:
    """The shop as its provider knows it; `back` is where the browser comes back to: an address of this shop alone."""

    issuer: str
    id: str
    secret: str = field(repr=False)
    back: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What must come back as it was sent: against requests that others forged (state), tokens that were meant for
    another sign-in (nonce), and codes that were stolen on the way (verifier, PKCE)."""

    state: str
    nonce: str
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        return cls(*(secrets.token_urlsafe(32) for _each in range(3)))


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider says of somebody, when its signature, and all that must come back, was found right.

    `shown_ago` is how long ago they showed there who they are; None where it does not say.
    """

    subject: str
    email: str
    email_is_verified: bool
    name: str
    shown_ago: timedelta | None = None


class Purpose(StrEnum):
    ENTER = "enter"
    #: Somebody who came in this way shows there once more that it is them, before they do what is sensitive.
    PROVE = "prove"
    #: Somebody who is signed in proves that the account at the provider is theirs as well.
    LINK = "link"
    #: Whoever sets it up sees what would come back; nobody gets in.
    TRY = "try"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that is under way, as the browser carries it: locked, so that nobody reads or changes it."""

    shop: UUID
    issuer: str
    client_id: str
    purpose: Purpose
    person: UUID | None
    next: str
    until: datetime
    asked: Asked

    def written(self) -> bytes:
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def read(cls, written: bytes) -> Self:
        plain = json.loads(written)
        return cls(
            UUID(plain["shop"]),
            plain["issuer"],
            plain["client_id"],
            Purpose(plain["purpose"]),
            UUID(plain["person"]) if plain["person"] else None,
            plain["next"],
            datetime.fromisoformat(plain["until"]),
            Asked(**plain["asked"]),
        )

    def is_answered_by(self, shop: UUID, state: str, now: datetime) -> bool:
        """The same shop, the same browser, in time."""
        same = hmac.compare_digest(state.encode(errors="replace"), self.asked.state.encode())
        return same and self.shop == shop and now < self.until

    def is_for(self, provider: Provider) -> bool:
        """Still the one that was asked."""
        return (self.issuer, self.client_id) == (provider.issuer, provider.client_id)

    def is_shown_since(self, who: Vouched, now: datetime) -> bool:
        """Did they show who they are on this way, and not some time before?"""
        under_way = now - (self.until - AWAY)
        return who.shown_ago is not None and -CLOCKS <= who.shown_ago <= under_way + CLOCKS

    @property
    def mark(self) -> str:
        """By which an answer that comes a second time is known."""
        return hashlib.sha256(self.asked.state.encode()).hexdigest()


class NoProvider(NotFound):
    """Also where there is no such shop: who asks does not learn which there are."""

    def __init__(self) -> None:
        super().__init__(_("This shop has no sign-in of its own. Please sign in with your password."))


class BeginAgain(RuleBroken):
    """Too late, from another browser, or a second time: one sentence for all of it."""

    def __init__(self) -> None:
        super().__init__(_("This sign-in took too long, or was begun in another window. Please begin again."))


class NotVouchedFor(RuleBroken):
    """`because` is for the trail: what was wrong with the answer."""

    def __init__(self, because: str) -> None:
        super().__init__(_("The provider’s answer could not be believed. Please begin again, or ask your owner."))
        self.because = because


class ProviderDeclined(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("The provider did not let you in."))


class ProviderIsAway(TryLater):
    def __init__(self) -> None:
        super().__init__(_("The shop’s provider does not answer as it should. Please try again in a moment."))


class UnfitIssuer(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This has to be an https address that can be reached on the internet."))


class NotVerified(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Your provider has not verified your e-mail address yet."))


class OtherDomain(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This shop does not take people with this e-mail address."))


class NotInvited(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You do not work in this shop yet. Please ask the owner for an invitation."))


class ProveItFirst(RuleBroken):
    """There is an account with this address: whoever has it says so, by signing in to it."""

    def __init__(self) -> None:
        super().__init__(
            _("You have an account here already. Sign in to it once as you did before, then link it on your account.")
        )


class LinkedToAnother(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This account of the provider belongs to somebody else in this shop."))


class NotTheSamePerson(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You are not signed in as before. Please begin again."))


class NotAskedAnew(RuleBroken):
    """They were sent there to show once more who they are, and the provider let them pass, or does not say. `on` is
    the page they wanted."""

    def __init__(self, on: str) -> None:
        super().__init__(
            _("The provider did not ask you to sign in once more. Please sign in with something of your own.")
        )
        self.on = on


class NotByProvider(RuleBroken):
    """An admin of the installation: no shop's provider decides who that is."""

    def __init__(self) -> None:
        super().__init__(_("You cannot sign in this way. Please sign in with your password."))


class OwnersAlone(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Only an owner decides who vouches for the people of the shop."))


class NewcomersNeedDomains(RuleBroken):
    def __init__(self) -> None:
        super().__init__(
            _("Say which e-mail domains are yours, or everybody with an account at this provider could join the shop.")
        )


class OnlyWay(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This shop lets people in by its provider alone: this is your only way in."))
