"""Notes: a shop's letters to itself, one of its own for every sale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from goldsmith_notes import handlers, pages
from goldsmith_notes.jobs import tidy
from goldsmith_notes.permissions import WRITE_NOTES
from goldsmith_notes.tables import notes
from kernel.contributions import Entry, Manifest, Permission, Route, Setting
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest("notes", N_("Notes"), N_("Notes that a shop writes to itself."), listens=("pos",))


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Notes"), "/notes", "file-text", WRITE_NOTES)]


@hookimpl
def permissions() -> list[Permission]:
    return [WRITE_NOTES]


@hookimpl
def settings() -> list[Setting]:
    return [
        Setting("notes.kept", N_("Notes to keep"), N_("At night only so many of the newest notes stay."), 100, int),
    ]


@hookimpl
def tables() -> list[Table]:
    return [notes]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.write_the_first, handlers.note_the_sale]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [tidy]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("notes.tidy", "0 3 * * *", tidy)]
