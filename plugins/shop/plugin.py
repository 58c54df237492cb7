"""The shop itself: its name, address and logo, its settings, and the head of everything it prints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Setting
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.shop import pages, rest
from plugins.shop.domain.choices import CHOICES
from plugins.shop.permissions import SETTINGS
from plugins.shop.ports import Pictures, SheetPrinter
from plugins.shop.tables import logos
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "shop",
        N_("Shop"),
        N_("What the shop is called, where it is found, its logo and its settings."),
        platform=True,
    )


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages, rest)


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Settings"), "/settings", "settings", SETTINGS, order=900),
        Entry(
            N_("Shop"),
            "/settings/shop",
            "store",
            SETTINGS,
            order=10,
            place="settings",
            detail=N_("Name, address, phone, tax number, opening hours, language and time zone."),
        ),
        Entry(
            N_("Logo"),
            "/settings/logo",
            "image",
            SETTINGS,
            order=20,
            place="settings",
            detail=N_("On receipts, labels and every other document."),
        ),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SETTINGS]


@hookimpl
def settings() -> list[Setting]:
    return CHOICES


@hookimpl
def tables() -> list[Table]:
    return [logos]


@hookimpl
def ports() -> list[type[Any]]:
    return [Pictures, SheetPrinter]
