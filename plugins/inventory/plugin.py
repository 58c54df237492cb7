"""Inventory: pieces, counted goods and scrap, and the ledger of everything that comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Bell, Entry, Manifest, Permission, Route, Search, Widget
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.inventory import jobs as work
from plugins.inventory import pages, rest
from plugins.inventory import permissions as may
from plugins.inventory import tables as t
from plugins.inventory.pages.bell import RUNNING_LOW
from plugins.inventory.pages.searching import PIECES
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "inventory",
        N_("Stock"),
        N_("Pieces and counted goods, what they weigh and cost, and every reason why they come and go."),
        requires=("branches",),
    )


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Stock"), "/inventory", "gem", may.SEE_STOCK, order=200),
        Entry(N_("Add item"), "/inventory/new", "plus", may.EDIT_STOCK, order=20, place="quick"),
        Entry(N_("Categories of pieces"), "/inventory/categories", "tags", may.SEE_STOCK, order=210, place="jump"),
        Entry(N_("Import pieces"), "/inventory/imports", "upload", may.IMPORT_STOCK, order=220, place="jump"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [may.SEE_STOCK, may.SEE_COST, may.EDIT_STOCK, may.MOVE_STOCK, may.IMPORT_STOCK]


@hookimpl
def tables() -> list[Table]:
    return [
        t.categories,
        t.items,
        t.item_stones,
        t.item_words,
        t.stock_movements,
        t.stock_totals,
        t.bulk_changes,
        t.imports,
        t.import_rows,
    ]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [work.read_import, work.enter_import, work.forget_imports, work.add_up_stock]


@hookimpl
def schedules() -> list[Schedule]:
    return [
        Schedule("inventory.add_up", "20 3 * * *", work.add_up_stock),
        Schedule("inventory.forget_imports", "30 4 * * *", work.forget_imports),
    ]


@hookimpl
def widgets() -> list[Widget]:
    few_left, live = pages.low.few_left, ("stock", "sales")
    return [Widget("inventory.low", N_("Running low"), "inventory/_low.html", few_left, may.SEE_STOCK, 400, live=live)]


@hookimpl
def bells() -> list[Bell]:
    return [RUNNING_LOW]


@hookimpl
def searches() -> list[Search]:
    return [PIECES]
