"""Being signed in: how long it lasts, and how far one has come."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from kernel.errors import NotFound, RuleBroken
from kernel.i18n import _
from kernel.tenancy import Place
from plugins.identity.domain.user import Role

#: A till that nobody touches for so long asks again who is there.
IDLE = timedelta(hours=2)
#: So long the door waits for the next answer of somebody who has given a password.
HALF_WAY = timedelta(minutes=30)
#: Nobody stays signed in longer than a long working day.
LONGEST = timedelta(hours=14)
#: A program signs in again once a month, with the password of the person it works for.
PROGRAM_LASTS = timedelta(days=30)
#: How exactly "last seen" is kept: not every request writes.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What the browser holds: 256 random bits. The house keeps only its hash, which opens nothing."""

    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        return cls(secrets.token_urlsafe(32))

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.secret.encode("utf-8", "replace")).digest()

    @property
    def csrf(self) -> str:
        """Proves that a change comes from a page of this session; says nothing about the token itself."""
        return hashlib.sha256(b"csrf:" + self.secret.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody knocks, the session they still held, and the language they chose at the door, if any."""

    address: str
    device: str
    token: Token | None = None
    language: str | None = None


class Stage(StrEnum):
    """How far a sign-in has come. Only `IN` opens the house; the others open the next question."""

    IN = "in"
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105 - the name of a question, no password
    SECOND_FACTOR = "second_factor"
    #: They have none, and need one here.
    ENROL = "enrol"

    #: A program's: no browser can enter with it, and its access tokens are given anew for as long as it lasts.
    PROGRAM = "program"

    @property
    def lasts(self) -> timedelta:
        return {Stage.IN: LONGEST, Stage.PROGRAM: PROGRAM_LASTS}.get(self, HALF_WAY)


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands in the database, with the person's part in the shop it is for."""

    id: UUID
    person: UUID
    tenant: UUID | None
    stage: Stage
    seen_at: datetime
    expires_at: datetime
    language: str | None
    name: str
    role: Role
    adjusted: dict[str, bool]
    proved_at: datetime | None = None
    #: The admin who acts in this person's account, and whether they may change anything.
    impersonator: UUID | None = None
    impersonator_name: str = ""
    may_change: bool = True
    #: The only branches they see; None is all.
    branches: frozenset[UUID] | None = None
    #: Everywhere they may go without signing in again, here included; an impersonator goes nowhere.
    places: tuple[Place, ...] = ()
    #: A shop's own provider opened it: then `vouched_at` is when it last said that they had just signed in there.
    confined: bool = False
    vouched_at: datetime | None = None

    @property
    def holder(self) -> UUID:
        """Who sits there: the admin, where one acts in the person's account."""
        return self.impersonator or self.person

    def lasts(self, now: datetime) -> bool:
        # A program that works once a night is no till that somebody walked away from.
        return now < self.expires_at and (self.stage is Stage.PROGRAM or now < self.seen_at + IDLE)


class WrongSignIn(RuleBroken):
    """One sentence for every reason, so that it says nothing about who has an account."""

    def __init__(self) -> None:
        super().__init__(_("This e-mail address and password do not belong together."))


class SignInAgain(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("That took too long. Please sign in again."))


class ByProviderAlone(RuleBroken):
    """Told to whoever has shown who they are, and to nobody else. `door` is where they get in."""

    def __init__(self, shop: str, slug: str) -> None:
        super().__init__(
            _("{shop} lets its people in by its own provider alone, not with a password.").format(shop=shop)
        )
        self.door = f"/sign-in/{slug}"


class ShopIsOver(RuleBroken):
    """Told to whoever has shown who they are, and to nobody else."""

    def __init__(self, shop: str) -> None:
        super().__init__(
            _(
                "{shop} is closed and will be deleted: nobody signs in there any more. "
                "Please ask its owner, or whoever runs this installation."
            ).format(shop=shop)
        )


class NoSuchPlace(NotFound):
    """A shop that is not theirs, or none: one answer for both."""

    def __init__(self) -> None:
        super().__init__(_("You do not work in this shop."))
