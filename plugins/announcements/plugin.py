"""What the platform's people tell the shops: on their pages and by e-mail, and who has read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Bell, Entry, Manifest, Permission, Route, Scope, Slot, Widget
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule
from kernel.mail import Mailer
from kernel.site import Site
from plugins.announcements import jobs as announcement_jobs
from plugins.announcements import pages
from plugins.announcements.pages.shop import BANNER, BELL, NOTICE
from plugins.announcements.permissions import ANNOUNCE, SEE_ANNOUNCEMENTS
from plugins.announcements.tables import letters, reads
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "announcements",
        N_("Announcements"),
        N_("What the platform tells its shops: on their pages and by e-mail, and who has read it."),
        requires=("identity", "tenants"),
        # Markets have their names with the prices.
        listens=("pricing",),
        platform=True,
    )


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    home = "/platform/announcements"
    return [
        Entry(N_("Announcements"), home, "message-square", SEE_ANNOUNCEMENTS, order=400, scope=Scope.PLATFORM),
        Entry(N_("New announcement"), f"{home}/new", "plus", ANNOUNCE, 400, Scope.PLATFORM, "jump"),
        Entry(N_("Announcements"), "/announcements", "message-square", None, order=700, place="person"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_ANNOUNCEMENTS, ANNOUNCE]


@hookimpl
def tables() -> list[Table]:
    return [reads, letters]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [announcement_jobs.write_letters, announcement_jobs.send_letter]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    title = N_("Giving shops their e-mails about announcements")
    return [PlatformSchedule("announcements.hand_out", "* * * * *", announcement_jobs.hand_out, title)]


@hookimpl
def slots() -> list[Slot]:
    return [BANNER]


@hookimpl
def bells() -> list[Bell]:
    return [BELL]


@hookimpl
def widgets() -> list[Widget]:
    return [NOTICE]


@hookimpl
def ports() -> list[type[Any]]:
    return [Mailer, Site]
