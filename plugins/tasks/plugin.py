"""Long work: what runs, how far it is, how it ended; and the bell in which it is found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.contributions import Bell, Entry, Manifest, Permission, Route
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.tasks import jobs as work_jobs
from plugins.tasks import rest
from plugins.tasks.pages import bell, work
from plugins.tasks.permissions import SEE_ALL_WORK
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("Background work with its progress, and the bell that tells of it.")
    return Manifest("tasks", N_("Background work"), summary, platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(work, bell, rest)


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Background work"), "/tasks", "hourglass", None, order=800, place="person")]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_ALL_WORK]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [work_jobs.forget_old_work]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("tasks.forget", "40 3 * * *", work_jobs.forget_old_work)]


@hookimpl
def bells() -> list[Bell]:
    return [bell.WORK]
