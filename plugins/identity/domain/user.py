"""The people of a shop and what their roles let them do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.contributions import Permission
from kernel.errors import Conflict, RuleBroken
from kernel.i18n import N_, _
from kernel.text import search_key


class Role(StrEnum):
    """A bundle of the permissions that plugins declare. `PLATFORM_ADMIN` is nobody's in a shop."""

    OWNER = "owner"
    MANAGER = "manager"
    EMPLOYEE = "employee"
    PLATFORM_ADMIN = "platform_admin"

    @property
    def words(self) -> str:
        return _(_WORDS[self])


_WORDS = {
    Role.OWNER: N_("Owner"),
    Role.MANAGER: N_("Manager"),
    Role.EMPLOYEE: N_("Employee"),
    Role.PLATFORM_ADMIN: N_("Platform admin"),
}

#: What a person can be in a shop.
SHOP_ROLES = (Role.OWNER, Role.MANAGER, Role.EMPLOYEE)
#: The roles that each shop cuts to its own measure.
ADJUSTED_ROLES = (Role.MANAGER, Role.EMPLOYEE)


def permissions_of(role: Role, declared: Iterable[Permission], adjusted: Mapping[str, bool]) -> frozenset[str]:
    """What the role may do: what plugins give it, as far as the shop's owner has not decided otherwise.

    Owners keep what plugins give them: a shop cannot lock itself out.
    """
    if role is Role.OWNER:
        adjusted = {}
    return frozenset(
        permission.name for permission in declared if adjusted.get(permission.name, role in permission.roles)
    )


@dataclass(frozen=True, slots=True)
class Departure:
    """Since when, and by whose word, a person does not work here any more."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class User:
    """A person as one shop knows them. `id` is the person's, the same in every shop."""

    id: UUID
    name: str
    email: str
    role: Role
    departure: Departure | None = None
    #: What the shop speaks with them until they choose one themselves; None is its own.
    language: str | None = None
    #: The only branches they see; None is all.
    branches: frozenset[UUID] | None = None

    @property
    def is_active(self) -> bool:
        return self.departure is None

    @property
    def state(self) -> str:
        """As lists are asked for it."""
        return "active" if self.is_active else "left"

    def fits(self, text: str, role: str, state: str) -> bool:
        """Is this somebody who is looked for? What is empty is not asked."""
        is_called = search_key(text) in search_key(f"{self.name} {self.email}")
        return is_called and role in ("", self.role) and state in ("", self.state)


class AlreadyHere(Conflict):
    def __init__(self, email: str) -> None:
        super().__init__(_("{email} is already a user of this shop.").format(email=email))


class AddressTaken(Conflict):
    def __init__(self, email: str) -> None:
        super().__init__(_("{email} is in use already. Please enter another address.").format(email=email))


class LastOwner(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("{name} is the only owner. Make somebody else an owner first.").format(name=name))


class NotYourself(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You cannot do this to yourself. Please ask another owner."))


class MoreThanYouMay(RuleBroken):
    def __init__(self, title: str) -> None:
        super().__init__(
            _("You can only decide about what you may do yourself; please ask an owner about “{title}”.").format(
                title=title
            )
        )


class HasLeft(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("{name} does not work here any more.").format(name=name))


class StillHere(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("{name} works here already.").format(name=name))
