"""Impersonation: an admin sees a shop as one of its users does, for a while and for a reason, and the shop is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Bell, Entry, Manifest, Permission, Route, Scope, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule
from plugins.impersonation import handlers, pages
from plugins.impersonation import jobs as letters
from plugins.impersonation.actions.close import close_what_is_over
from plugins.impersonation.permissions import ACT_FOR_USERS, SEE_VISITS
from plugins.impersonation.tables import visits
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("An admin looks at a shop as one of its users, for a while and for a reason; the shop is told.")
    return Manifest("impersonation", N_("Acting for users"), summary, requires=("identity",), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    path = "/platform/impersonations"
    return [Entry(N_("Acting for users"), path, "user-cog", ACT_FOR_USERS, order=250, scope=Scope.PLATFORM)]


@hookimpl
def permissions() -> list[Permission]:
    return [ACT_FOR_USERS, SEE_VISITS]


@hookimpl
def tables() -> list[Table]:
    return [visits]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [letters.write_to_owner]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.tell_owners]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    title = N_("Ending what is over of acting for users")
    return [PlatformSchedule("impersonation.close", "* * * * *", close_what_is_over, title)]


@hookimpl
def slots() -> list[Slot]:
    return [pages.acting.REASON, pages.platform.AT_PERSON]


@hookimpl
def bells() -> list[Bell]:
    return [pages.bell.VISITS]
