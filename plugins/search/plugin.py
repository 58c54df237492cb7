"""Search: one field for the whole shop, that finds pages and whatever the plugins can find."""

from __future__ import annotations

from kernel.contributions import Manifest, Route
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.search import pages
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest("search", N_("Search"), N_("One field that finds pages, pieces, sales and people."), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)
