"""Identity: people, how they sign in, and what they may do in a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.access import SignedIn
from kernel.contributions import Entry, Manifest, Permission, Route, Scope, Search, Setting, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule
from kernel.mail import Mailer
from kernel.safe import Safe
from kernel.site import Site
from plugins.identity import handlers, pages, rest
from plugins.identity import jobs as identity_jobs
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.actions.recognise import recognise
from plugins.identity.domain.letter import SEND_LETTERS
from plugins.identity.pages.searching import PEOPLE
from plugins.identity.pages.switching import SHOPS, SWITCHES
from plugins.identity.permissions import ADJUST_ROLES, EDIT_USERS, SEE_USERS
from plugins.identity.ports import Limits, SessionCache
from plugins.identity.tables import invitations, role_permissions, user_branches, user_departures, users
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_("Who works in the shop, how they sign in, and what they may do.")
    return Manifest("identity", N_("People"), summary, listens=("branches",), platform=True)


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("People"), "/users", "users", SEE_USERS, order=810),
        Entry(
            N_("People"),
            "/users",
            "users",
            EDIT_USERS,
            order=70,
            place="settings",
            detail=N_("Who works here, and what they may do."),
        ),
        Entry(N_("Invite somebody"), "/users/new", "user-plus", EDIT_USERS, order=810, place="jump"),
        Entry(N_("Roles"), "/users/roles", "user-cog", ADJUST_ROLES, order=811, place="jump"),
        Entry(N_("Password and security"), "/account/security", "key", None, place="person"),
        Entry(
            N_("Password and security"), "/platform/account/security", "key", None, scope=Scope.PLATFORM, place="person"
        ),
        Entry(N_("Sessions"), "/account/sessions", "monitor", None, place="person"),
        Entry(N_("Sessions"), "/platform/account/sessions", "monitor", None, scope=Scope.PLATFORM, place="person"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_USERS, EDIT_USERS, ADJUST_ROLES]


@hookimpl
def settings() -> list[Setting]:
    return [REQUIRE_SECOND_FACTOR]


@hookimpl
def tables() -> list[Table]:
    return [users, user_departures, user_branches, role_permissions, invitations]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.send_invitation]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    return [
        PlatformSchedule(SEND_LETTERS, "* * * * *", identity_jobs.send_letters, N_("E-mails about accounts")),
        PlatformSchedule(
            "identity.sweep_sessions", "17 * * * *", identity_jobs.sweep_sessions, N_("Clearing away old sessions")
        ),
    ]


@hookimpl
def ports() -> list[type[Any]]:
    return [SessionCache, Limits, Mailer, Safe, Site]


@hookimpl
def authenticators() -> list[Callable[..., SignedIn | None]]:
    return [recognise]


@hookimpl
def searches() -> list[Search]:
    return [PEOPLE, SHOPS]


@hookimpl
def slots() -> list[Slot]:
    return SWITCHES
