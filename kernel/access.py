"""How a request's person is recognised: the seam between the web toolkit and whichever plugin knows the people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from kernel.tenancy import Actor, Place, TenantId
from kernel.uow import Database


@dataclass(frozen=True, slots=True)
class Impersonation:
    """An admin acts in the account of a shop's user: until when, and whether they may change anything."""

    until: datetime
    may_change: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A recognised person. `tenant` is None for people of the platform. `csrf` must come back with every change.

    `proved_at` is when they last showed a password or a factor. Who is `confined` was brought in by the shop's provider
    of identities and has shown nothing of their own; `vouched_at` is when it said that they had just shown there who
    they are, which proves it for what is the shop's, not for what is theirs.
    `via` is what they were known by: the cookie of a browser, or the access token or the key of a `program`, whose name
    the trail tells beside theirs.
    """

    tenant: TenantId | None
    actor: Actor
    session: UUID
    csrf: str
    language: str | None = None
    proved_at: datetime | None = None
    confined: bool = False
    vouched_at: datetime | None = None
    impersonation: Impersonation | None = None
    #: Everywhere they may go without signing in again, here included.
    places: tuple[Place, ...] = ()
    via: Literal["cookie", "token", "key"] = "cookie"
    program: str | None = None


class Authenticator(Protocol):
    """Recognises the bearer of a session token: a function, whose further parameters are filled with ports."""

    def __call__(self, database: Database, token: str, *, touch: bool) -> SignedIn | None:
        """Who holds this token now; None when nobody does any more. `touch`: they are here, and did something."""


class Bearer(Protocol):
    """Recognises what a program sends as `Authorization: Bearer …`: a function, whose further parameters are ports."""

    def __call__(self, database: Database, secret: str) -> SignedIn | None:
        """Whose program this is now, and what it may do; None when it opens nothing (any more)."""
