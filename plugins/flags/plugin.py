"""Feature flags for the platform's people. The kernel answers them; here they are decided and looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.contributions import Entry, Manifest, Permission, Route, Scope
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.flags import jobs as flag_jobs
from plugins.flags import pages
from plugins.flags.permissions import EDIT_FLAGS, SEE_FLAGS
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("What is tried in some shops first: shares, named shops, a kill switch, and what comes of it.")
    return Manifest("flags", N_("Feature flags"), summary, requires=("tenants",), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Feature flags"), "/platform/flags", "target", SEE_FLAGS, order=500, scope=Scope.PLATFORM)]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_FLAGS, EDIT_FLAGS]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [flag_jobs.forget]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("flags.forget", "50 3 * * *", flag_jobs.forget)]
