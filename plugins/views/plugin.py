"""Views: lists as each person keeps them, by name, with the one they start with."""

from __future__ import annotations

from sqlalchemy import Table

from kernel.contributions import Manifest, Route, ViewKeeper
from kernel.hooks import hookimpl
from kernel.i18n import N_
from plugins.views import pages, queries
from plugins.views.tables import saved_views
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest("views", N_("Views"), N_("Lists as each person keeps them, by name."), platform=True)


@hookimpl
def routes() -> list[Route]:
    return routes_in(pages)


@hookimpl
def tables() -> list[Table]:
    return [saved_views]


@hookimpl
def view_keepers() -> list[ViewKeeper]:
    return [ViewKeeper(queries.kept, pages.KEEPER)]
