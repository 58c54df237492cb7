"""Who acts, and for which shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)


@dataclass(frozen=True, slots=True)
class Allows:
    """What a state lets the people of a shop do: sign in, read, change, export (a list as a file); and its jobs.

    Whoever may sign in may sign out, change their own password and choose how the product looks, whatever else they
    may not. Jobs that may not run wait; nothing scheduled starts meanwhile.
    """

    sign_in: bool = False
    read: bool = False
    change: bool = False
    export: bool = False
    jobs: bool = False


class ShopState(StrEnum):
    """How a shop stands with the installation; `ALLOWED` is the whole of what follows from it."""

    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    SUSPENDED = "suspended"
    PENDING_DELETION = "pending_deletion"
    DELETED = "deleted"

    @property
    def allows(self) -> Allows:
        return ALLOWED[self]


_EVERYTHING = Allows(sign_in=True, read=True, change=True, export=True, jobs=True)
_LOOK_AND_LEAVE = Allows(sign_in=True, read=True, export=True)

ALLOWED = {
    ShopState.TRIAL: _EVERYTHING,
    ShopState.ACTIVE: _EVERYTHING,
    ShopState.PAST_DUE: _LOOK_AND_LEAVE,
    ShopState.SUSPENDED: _LOOK_AND_LEAVE,
    ShopState.PENDING_DELETION: Allows(),
    ShopState.DELETED: Allows(),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """A tenant as every unit of work sees it, with its capabilities. Cached per process by `version`.

    `kept` is what else was read of this version: see `UnitOfWork.keep`. `arriving` and `leaving` are the plugins that
    a plan or an override switched and that have not been told so; until then they are off. At `good_until` the first
    of its overrides ends, and it is read anew.
    """

    id: TenantId
    version: int
    slug: str
    name: str
    market: str
    currency: str
    language: str
    zone: str
    calendar: str
    state: ShopState
    plan: str
    plugins: frozenset[str]
    limits: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    arriving: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    good_until: datetime | None = None
    trial_until: datetime | None = None
    kept: dict[tuple[str, frozenset[UUID] | None], Any] = field(default_factory=dict, compare=False, repr=False)

    def is_over(self, now: datetime) -> bool:
        return self.good_until is not None and self.good_until <= now


class ActorKind(StrEnum):
    PERSON = "person"
    PLATFORM = "platform"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or machine that acts. `permissions` are names such as `pos.sell`.

    `subject` is in whose account somebody else acts: the trail names both. `branches` are the only ones they see and
    act in; None is all of them.
    """

    kind: ActorKind
    id: UUID | None
    name: str
    permissions: frozenset[str] = frozenset()
    subject_id: UUID | None = None
    subject: str | None = None
    branches: frozenset[UUID] | None = None

    def works_in(self, branch: UUID) -> bool:
        return self.branches is None or branch in self.branches

    def may(self, permission: str) -> bool:
        """The house itself may do what its jobs do; people need the permission."""
        return self.kind is ActorKind.SYSTEM or permission in self.permissions


def system(name: str) -> Actor:
    """The house acting by itself, e.g. `system("scheduler")`."""
    return Actor(ActorKind.SYSTEM, None, name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is at home: a shop, or, without one, the platform.

    `provider` is the short name of a shop that only its own provider of identities opens to them.
    """

    tenant: TenantId | None
    name: str
    provider: str | None = None
