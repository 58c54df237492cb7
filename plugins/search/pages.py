"""The search: a page of its own, and the part of it that stands in the palette of every page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Entry, Scope
from kernel.i18n import _
from kernel.text import is_blank
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.search.queries import MOST_PAGES, Group, found_in_shop, found_on_platform, pages_called
from web import frame
from web.render import page
from web.routing import get

LONGEST = 100
PLACES = ("side", "quick", "jump", "settings", "person")


@get("/search", everyone=True)
def show_search(request: Request, uow: UnitOfWork) -> Response:
    given = [each for each in uow.plugins.given("navigation") if each.plugin in uow.shop.plugins]
    text = _asked(request)
    entries = [entry for place in PLACES for entry in frame.entries(given, Scope.SHOP, place, uow.actor)]
    return _shown(request, text, _pages(entries, text), [] if is_blank(text) else found_in_shop(uow, text))


@get("/platform/search", platform=True, everyone=True)
def show_platform_search(request: Request, work: PlatformWork, database: Database) -> Response:
    given, text = database.plugins.given("navigation"), _asked(request)
    entries = [entry for place in PLACES for entry in frame.entries(given, Scope.PLATFORM, place, work.actor)]
    found = [] if is_blank(text) else found_on_platform(work, database.plugins, text)
    return _shown(request, text, _pages(entries, text), found)


def _asked(request: Request) -> str:
    # What is too long, or cannot be, finds nothing: no reason to refuse a page.
    return request.query_params.get("text", "")[:LONGEST].replace("\x00", "").strip()


def _pages(entries: list[Entry], text: str) -> list[Group]:
    called = pages_called(entries, text)
    called = called if is_blank(text) else called[:MOST_PAGES]
    return [Group(_("Go to"), called)] if called else []


def _shown(request: Request, text: str, pages: list[Group], found: list[Group]) -> Response:
    return page(request, "search/search.html", block="found", text=text, groups=[*pages, *found])
