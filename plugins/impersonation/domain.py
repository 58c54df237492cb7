"""Acting in somebody's account: how long, as whom, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import N_, _

MINUTES = ("15", "30", "60")


class Ending(StrEnum):
    """Why an impersonation is over."""

    LEFT = "left"
    RAN_OUT = "ran_out"
    #: The admin signed out or began elsewhere, either of the two lost the right, or the shop was closed.
    CUT_OFF = "cut_off"

    @property
    def words(self) -> str:
        return _(_WORDS[self])


_WORDS = {
    Ending.LEFT: N_("Left"),
    Ending.RAN_OUT: N_("Ran out"),
    Ending.CUT_OFF: N_("Cut off"),
}


@dataclass(frozen=True, slots=True)
class Impersonation:
    """Who acts where, as whom and why."""

    id: UUID
    admin: str
    tenant: UUID
    shop: str
    person: str
    because: str
    begun_at: datetime
    until: datetime
    escalated_at: datetime | None
    escalated_because: str
    ended_at: datetime | None
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Visit:
    """The same as the shop keeps it: one for the beginning, one more when changes were allowed."""

    id: UUID
    admin: str
    person: str
    because: str
    at: datetime
    until: datetime
    may_change: bool
    is_new: bool


class NotAnAdmin(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("{name} runs the installation, too. Nobody acts in the account of an admin.").format(name=name)
        )


class HasLeft(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("{name} does not work here any more.").format(name=name))


class ShopIsClosed(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is closed: nobody can act in it.").format(name=name))


class BegunElsewhere(Conflict):
    def __init__(self) -> None:
        super().__init__(_("You have just begun this in another window. Please go on there."))


class NotActing(RuleBroken):
    """Somebody asks to leave, or to change things, who acts in no other account."""

    def __init__(self) -> None:
        super().__init__(_("You act in no other account."))
