"""The shops of an installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import _
from kernel.tenancy import ShopState


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop as the installation knows it."""

    id: UUID
    slug: str
    name: str
    market: str
    state: ShopState
    plan: str
    created_at: datetime
    currency: str
    language: str
    zone: str
    calendar: str
    trial_until: datetime | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Since when, by whom and why a shop can only be read."""

    at: datetime
    by: str
    because: str


class AlreadyBooked(RuleBroken):
    def __init__(self, name: str) -> None:
        said = _("“{name}” has booked something already: its market and its currency stay as they are.")
        super().__init__(said.format(name=name))


class NameDoesNotFit(RuleBroken):
    def __init__(self, name: str) -> None:
        said = _("Please type the shop’s name as it is, “{name}”, so that no other is deleted.")
        super().__init__(said.format(name=name))


class NotOnTrial(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is not on trial.").format(name=name))


class NobodyComesIn(Conflict):
    """Who accepted an invitation could not sign in."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is to be deleted: nobody can come in.").format(name=name))
