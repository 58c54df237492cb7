"""The questions the house asks every plugin, once, when it starts.

A plugin answers those it cares about with a function of the same name, marked `@hookimpl`, in its `plugin.py`. The
answers list; they do not compute. Folders beside `plugin.py` need no hook: `templates/`, `static/`, `migrations/`
and `locale/` are found where they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pluggy
from sqlalchemy import Table

from kernel.contributions import (
    AnswerKeeper,
    Bell,
    Entry,
    Manifest,
    Permission,
    Report,
    Route,
    Search,
    Setting,
    Slot,
    ViewKeeper,
    Widget,
)
from kernel.flags import Flag
from kernel.jobs import PlatformSchedule, Schedule

NAMESPACE = "goldsmith"
ENTRY_POINTS = "goldsmith.plugins"

hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)


@hookspec
def manifest() -> Manifest:  # type: ignore[empty-body]
    """Who are you? Return one `Manifest`. It decides the order of start and what is enabled together; required."""


@hookspec
def routes() -> Sequence[Route]:  # type: ignore[empty-body]
    """Which addresses do you answer? Return `Route`s, usually `routes_in(module)`. 404 where the plugin is off."""


@hookspec
def navigation() -> Sequence[Entry]:  # type: ignore[empty-body]
    """What stands in the side bar? Return `Entry`s. Shown where the plugin is on and the person has the permission."""


@hookspec
def permissions() -> Sequence[Permission]:  # type: ignore[empty-body]
    """What may a role be allowed? Return `Permission`s. Every route but a public one names one of them."""


@hookspec
def settings() -> Sequence[Setting]:  # type: ignore[empty-body]
    """What may a shop choose? Return `Setting`s. They appear on the settings page; read one with `uow.setting(…)`."""


@hookspec
def tables() -> Sequence[Table]:  # type: ignore[empty-body]
    """Which tables are yours? Return those of your `tables` module. Compared with the migrated database by a test."""


@hookspec
def subscriptions() -> Sequence[Callable[..., None]]:  # type: ignore[empty-body]
    """Whom do you listen to? Return functions marked `@on(Event)`. Alive where both plugins are on."""


@hookspec
def jobs() -> Sequence[Callable[..., Any]]:  # type: ignore[empty-body]
    """Which work do you do later? Return functions marked `@job(name)`. Run only where the plugin is on."""


@hookspec
def schedules() -> Sequence[Schedule]:  # type: ignore[empty-body]
    """What starts by the clock? Return `Schedule`s. Each slot starts once per shop, however many schedulers run."""


@hookspec
def platform_schedules() -> Sequence[PlatformSchedule]:  # type: ignore[empty-body]
    """What starts by the clock for the installation itself? Return `PlatformSchedule`s. Each does a slot once."""


@hookspec
def widgets() -> Sequence[Widget]:  # type: ignore[empty-body]
    """What do you show on Today? Return `Widget`s: figures, cards, notices. Asked with the page, and on signals."""


@hookspec
def reports() -> Sequence[Report]:  # type: ignore[empty-body]
    """Which ready reports do you have? Return `Report`s."""


@hookspec
def searches() -> Sequence[Search]:  # type: ignore[empty-body]
    """What do you find when somebody types into the search of every page? Return `Search`es."""


@hookspec
def slots() -> Sequence[Slot]:  # type: ignore[empty-body]
    """What do you add to other plugins' pages? Return `Slot`s naming the place."""


@hookspec
def flags() -> Sequence[Flag]:  # type: ignore[empty-body]
    """What do you try out in some shops first? Return `Flag`s; ask one with `uow.flag(…)`. See `kernel/flags.py`."""


@hookspec
def view_keepers() -> Sequence[ViewKeeper]:  # type: ignore[empty-body]
    """Do you keep people's own views of lists? Return a `ViewKeeper`; the first whose plugin is on is asked."""


@hookspec
def bells() -> Sequence[Bell]:  # type: ignore[empty-body]
    """What do you tell people in the bell of the top bar? Return `Bell`s. Asked where the plugin is on."""


@hookspec
def ports() -> Sequence[type[Any]]:  # type: ignore[empty-body]
    """What do you need from the outside? Return the Protocols. One without an adapter stops the start with its name."""


@hookspec
def authenticators() -> Sequence[Any]:  # type: ignore[empty-body]
    """How is a request's person recognised? Return `kernel.access.Authenticator` functions; the first answer wins."""


@hookspec
def answer_keepers() -> Sequence[AnswerKeeper]:  # type: ignore[empty-body]
    """Do you remember what programs were answered? Return an `AnswerKeeper`; the first whose plugin is on is asked."""


@hookspec
def bearers() -> Sequence[Any]:  # type: ignore[empty-body]
    """How is a program recognised? Return `kernel.access.Bearer` functions; only addresses under /api/ ask them."""
