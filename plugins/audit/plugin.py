"""The audit trail for those who look into it: an explorer for shops and for the platform, and the nightly check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Bell, Entry, Manifest, Permission, Route, Scope, Setting, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule, Schedule
from plugins.audit import jobs as audit_jobs
from plugins.audit import pages, rest
from plugins.audit.domain.keeping import MONTHS
from plugins.audit.pages.shop import BELL, HISTORIES
from plugins.audit.permissions import KEEP_TRAIL, SEE_PLATFORM_TRAIL, SEE_TRAIL
from plugins.audit.ports import Keeping
from plugins.audit.tables import audit_checks
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("Who did what, when and from where, with each change before and after; proven whole every night.")
    return Manifest("audit", N_("Audit trail"), summary, requires=("identity", "shop"), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages, rest)


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Audit trail"), "/audit", "history", SEE_TRAIL, order=820),
        Entry(
            N_("Audit trail"),
            "/settings/audit",
            "history",
            KEEP_TRAIL,
            order=90,
            place="settings",
            detail=N_("How long it is kept who did what."),
        ),
        Entry(N_("Audit trail"), "/platform/audit", "history", SEE_PLATFORM_TRAIL, order=900, scope=Scope.PLATFORM),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_TRAIL, KEEP_TRAIL, SEE_PLATFORM_TRAIL]


@hookimpl
def settings() -> list[Setting]:
    return [MONTHS]


@hookimpl
def ports() -> list[type[Any]]:
    return [Keeping]


@hookimpl
def tables() -> list[Table]:
    return [audit_checks]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [audit_jobs.check]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("audit.check", "20 4 * * *", audit_jobs.check)]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    title = N_("Checking the platform’s audit trail")
    return [PlatformSchedule("audit.check_platform", "20 2 * * *", audit_jobs.check_platform, title)]


@hookimpl
def bells() -> list[Bell]:
    return [BELL]


@hookimpl
def slots() -> list[Slot]:
    return HISTORIES
