"""The access token of a program: what it says, and for how long it is believed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel.errors import GoldsmithError, NotFound
from kernel.i18n import _
from kernel.tenancy import Actor

GOOD_FOR = timedelta(minutes=10)
#: A program whose answer was lost may use its refresh token once more for so long; later, it was stolen.
AGAIN_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Family:
    """All tokens that come from one sign-in: the hash that names its session, and what the program calls itself."""

    session: bytes
    program: str


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may act, where, by which program, with the rights they had when it was signed."""

    person: UUID
    tenant: UUID
    family: Family
    rights: str
    since: datetime
    until: datetime

    def is_good(self, now: datetime) -> bool:
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program gets: `access` goes with every request, `refresh` fetches the next two."""

    access: str
    refresh: str


def rights_of(actor: Actor) -> str:
    """The version of what somebody may do: another as soon as a role, a decision about it or a branch changes."""
    branches = "" if actor.branches is None else ",".join(sorted(map(str, actor.branches)))
    said = f"{','.join(sorted(actor.permissions))} in {branches or 'all'}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


class RefreshRefused(GoldsmithError):
    """One answer for what never was, what was used before, and what belongs to a sign-in that is over."""

    status = 401

    def __init__(self) -> None:
        super().__init__(_("This refresh token opens nothing, or not any more. Please sign in again."))


class NoSuchProgram(NotFound):
    def __init__(self) -> None:
        super().__init__(_("This program is not signed in here any more."))


class NoTokens(NotFound):
    """A key is revoked where it was made, and a browser has its own door."""

    def __init__(self) -> None:
        super().__init__(_("There are no tokens to end: this is a key, or the session of a browser."))
