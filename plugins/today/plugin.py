"""Today: the first page of a shop, put together from what its plugins have to say about the day."""

from __future__ import annotations

from kernel.contributions import Entry, Manifest, Route
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.today import pages
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest("today", N_("Today"), N_("The first page: the day’s figures, and where to go next."), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def navigation() -> list[Entry]:
    return [Entry(N_("Today"), "/", "layout-dashboard", None, order=10)]
