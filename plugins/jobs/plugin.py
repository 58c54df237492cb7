"""Jobs: what is done later in all shops, for whoever runs the installation."""

from __future__ import annotations

from typing import Any

from kernel.contributions import Entry, Manifest, Permission, Route, Scope
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule
from kernel.presence import Presence
from plugins.jobs import jobs, pages
from plugins.jobs.permissions import SEE_JOBS, TEND_JOBS
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("What is done later in all shops: what waits, runs and failed, and what the clock starts.")
    return Manifest("jobs", N_("Jobs"), summary, platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Jobs"), "/platform/jobs", "timer", SEE_JOBS, order=700, scope=Scope.PLATFORM)]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_JOBS, TEND_JOBS]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    title = N_("Forgetting jobs that ended a month ago")
    return [PlatformSchedule("jobs.forget", "41 * * * *", jobs.forget_old_jobs, title)]


@hookimpl
def ports() -> list[type[Any]]:
    return [Presence]
