"""Tenants: the shops of this installation, their plans and their plugins."""

from __future__ import annotations

from typing import Any

from kernel.contributions import Entry, Manifest, Permission, Route, Scope, Search, Widget
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import PlatformSchedule
from plugins.tenants import jobs
from plugins.tenants.pages import granting, plans, shop, shops, states, today
from plugins.tenants.permissions import EDIT_PLANS, EDIT_SHOPS, SEE_PLAN, SEE_SHOPS
from plugins.tenants.ports import Waiting
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "tenants",
        N_("Shops"),
        N_("The shops of this installation: open, suspend, put on a plan, switch plugins."),
        requires=("identity",),
        # What a market is comes with the prices; a shop may be opened where nobody prices anything.
        listens=("pricing", "audit"),
        platform=True,
    )


@hookimpl
def routes() -> list[Route]:
    return routes_in(shops, shop, granting, states, plans)


@hookimpl
def navigation() -> list[Entry]:
    opens = Entry(N_("Open a shop"), "/platform/shops/new", "plus", EDIT_SHOPS, 100, Scope.PLATFORM, "jump")
    return [
        Entry(N_("Shops"), "/platform/shops", "store", SEE_SHOPS, order=100, scope=Scope.PLATFORM),
        Entry(N_("Plans"), "/platform/plans", "layers", SEE_SHOPS, order=110, scope=Scope.PLATFORM),
        opens,
    ]


@hookimpl
def platform_schedules() -> list[PlatformSchedule]:
    return [
        PlatformSchedule("tenants.end_trials", "* * * * *", jobs.end_trials_that_are_over, N_("Ending trials")),
        PlatformSchedule("tenants.erase_shops", "* * * * *", jobs.erase_what_is_due, N_("Erasing shops")),
    ]


@hookimpl
def ports() -> list[type[Any]]:
    return [Waiting]


@hookimpl
def searches() -> list[Search]:
    return [Search("tenants.shops", N_("Shops"), SEE_SHOPS, shops.find_shops, scope=Scope.PLATFORM)]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_SHOPS, EDIT_SHOPS, EDIT_PLANS, SEE_PLAN]


@hookimpl
def widgets() -> list[Widget]:
    return [today.PLAN]
