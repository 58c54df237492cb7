"""Branches: where a shop sells, and at which tills."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.branches import handlers, pages, rest
from plugins.branches.permissions import EDIT_BRANCHES, SEE_BRANCHES
from plugins.branches.tables import branch_closings, branches, terminals
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest("branches", N_("Branches"), N_("Where you sell: branches, and the tills that stand in them."))


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Branches"), "/branches", "store", SEE_BRANCHES, order=800),
        Entry(
            N_("Branches"),
            "/branches",
            "building-2",
            EDIT_BRANCHES,
            order=60,
            place="settings",
            detail=N_("Where you sell, with its own address, and the tills that stand there."),
        ),
        Entry(N_("Open a branch"), "/branches/new", "plus", EDIT_BRANCHES, order=800, place="jump"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_BRANCHES, EDIT_BRANCHES]


@hookimpl
def tables() -> list[Table]:
    return [branches, terminals, branch_closings]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [handlers.open_with_the_shop, handlers.open_with_the_plugin]
