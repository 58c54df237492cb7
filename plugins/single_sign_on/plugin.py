"""Single sign-on: the people of a shop sign in where they have an account already, by OpenID Connect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Scope, Slot
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.single_sign_on import handlers, pages
from plugins.single_sign_on.pages.account import AT_PROOF
from plugins.single_sign_on.permissions import CONFIGURE
from plugins.single_sign_on.ports import Providers
from plugins.single_sign_on.tables import identity_links, identity_providers
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    summary = N_(
        "The shop’s people sign in where they have an account already: at Google, Microsoft or your own server."
    )
    return Manifest("single_sign_on", N_("Single sign-on"), summary, requires=("identity", "shop"))


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    detail = N_("By which provider the shop’s people sign in.")
    title, path = N_("Single sign-on"), "/settings/single-sign-on"
    return [
        Entry(title, path, "key", CONFIGURE, order=75, place="settings", detail=detail),
        Entry(title, "/account/single-sign-on", "key", None, order=120, place="person"),
        Entry(N_("Sign in with your shop’s account"), "/sign-in", "store", None, scope=Scope.PUBLIC, place="door"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [CONFIGURE]


@hookimpl
def slots() -> list[Slot]:
    return [AT_PROOF]


@hookimpl
def tables() -> list[Table]:
    return [identity_providers, identity_links]


@hookimpl
def ports() -> list[type[Any]]:
    return [Providers]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.open_own_ways, handlers.close_own_ways_again]
