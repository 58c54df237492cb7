"""Overview: the first page of whoever runs the installation. How many shops, what they pay, how well it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Scope
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from kernel.presence import Presence
from plugins.overview import handlers, pages
from plugins.overview import jobs as counting
from plugins.overview.permissions import MEND_FAULTS, SEE_OVERVIEW
from plugins.overview.ports import Machine
from plugins.overview.tables import shop_days
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("The platform’s first page: shops, what they pay, what they do, health and faults.")
    # A shop without a till sells nothing, and is counted all the same.
    return Manifest("overview", N_("Overview"), summary, requires=("tenants",), listens=("pos",), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Overview"), "/platform", "layout-dashboard", SEE_OVERVIEW, order=10, scope=Scope.PLATFORM),
        Entry(N_("Faults"), "/platform/faults", "triangle-alert", SEE_OVERVIEW, order=710, scope=Scope.PLATFORM),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_OVERVIEW, MEND_FAULTS]


@hookimpl
def tables() -> list[Table]:
    return [shop_days]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [counting.count_days]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("overview.count_days", "7 * * * *", counting.count_days)]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.tell_of_new_shop]


@hookimpl
def ports() -> list[type[Any]]:
    return [Presence, Machine]
