"""The plugins of one shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kernel.errors import RuleBroken
from kernel.i18n import _


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


def _listed(titles: Iterable[str]) -> str:
    return _(", ").join(f"“{title}”" for title in titles)
