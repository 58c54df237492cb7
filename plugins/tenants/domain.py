"""The shops of an installation: what may not be done with them, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import BadInput, Conflict, RuleBroken
from kernel.i18n import N_, _
from kernel.plugins import Plugins
from kernel.tenancy import ShopState

#: What a plan can limit: counted as `used:<name>` (`kernel/limits.py`), with what it is called.
LIMITS = {"items": N_("Pieces in stock"), "users": N_("People"), "branches": N_("Branches")}

#: What can be suspended, and is again what it was when the suspension ends.
SERVING = (ShopState.TRIAL, ShopState.ACTIVE, ShopState.PAST_DUE)


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop as the list of shops shows it."""

    id: UUID
    slug: str
    name: str
    market: str
    state: ShopState
    plan: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Suspension:
    """Since when, by whom and why a shop can only be read."""

    at: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class PluginState:
    """A plugin as one shop has it. `needs` and `needed_by` are titles; the latter of what is on."""

    name: str
    title: str
    summary: str
    is_on: bool
    in_plan: bool
    can_be_switched: bool
    needs: tuple[str, ...]
    needed_by: tuple[str, ...]


class PlanNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("There is a plan called “{name}” already.").format(name=name))


class PluginNeeded(RuleBroken):
    """`needing` maps the names of the plugins that would stop working to their titles."""

    def __init__(self, title: str, needing: Mapping[str, str]) -> None:
        super().__init__(
            _("“{title}” stays on, because it is needed by {needing}. Switch those off first.").format(
                title=title, needing=_listed(needing.values())
            )
        )
        self.needing = tuple(needing)


class PluginAlwaysOn(RuleBroken):
    def __init__(self, title: str) -> None:
        super().__init__(_("“{title}” is part of every shop.").format(title=title))


class NotSuspended(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is not suspended.").format(name=name))


class NotServing(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is suspended or closed already.").format(name=name))


def with_needs(plugins: Plugins, wanted: Iterable[str]) -> frozenset[str]:
    """These plugins and all that they require; what every shop has is in no plan. Raises BadInput for unknown ones."""
    wanted = frozenset(wanted)
    if wanted - plugins.by_name.keys():
        raise BadInput({"plugins": _("Please choose from the list.")})
    needed = wanted.union(*map(plugins.required_by, wanted))
    return frozenset(name for name in needed if not plugins.by_name[name].manifest.platform)


def _listed(titles: Iterable[str]) -> str:
    return _(", ").join(f"“{title}”" for title in titles)
