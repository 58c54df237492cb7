"""Every page leads on: no link to nowhere, and no form that is sent to an address that does not take it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import Match

from kernel.contributions import Scope
from kernel.plugins import Plugins
from tests.house.addresses import addresses
from tests.house.conftest import Trader

LINK = re.compile(r'<a\b[^>]*?\shref="([^"#][^"]*)"')
ASKED = re.compile(r'\shx-(get|post|put|patch|delete)="([^"]*)"')
FORM = re.compile(r'<form\b[^>]*?\saction="([^"]*)"[^>]*>')
METHOD = re.compile(r'\smethod="(\w+)"')


def pages(plugins: Plugins, trader: Trader) -> dict[str, str]:
    """Every page of a shop that trades, by the path it was opened at."""
    found = {}
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        ids = trader.belongings.of(trader.owner, address)
        answer = trader.owner.get(address.at(ids or {}))
        if answer.headers.get("content-type", "").startswith("text/html"):
            found[address.at(ids or {})] = answer.text
    return found


def test_every_link_leads_somewhere(plugins: Plugins, ours: Trader, clock):
    leading = {
        unescape(link): path
        for path, text in pages(plugins, ours).items()
        for link in LINK.findall(text)
        if not urlsplit(unescape(link)).scheme
    }
    assert leading
    nowhere = {link: path for link, path in leading.items() if ours.owner.get(_absolute(link, path)).status_code >= 400}
    assert nowhere == {}


def test_every_form_is_sent_to_an_address_that_takes_it(app: Starlette, plugins: Plugins, ours: Trader, clock):
    sent = {
        (method.upper(), _absolute(unescape(target), path).split("?")[0], path)
        for path, text in pages(plugins, ours).items()
        for method, target in [*ASKED.findall(text), *_forms(text)]
    }
    assert sent
    assert [each for each in sorted(sent) if not _is_taken(app, *each[:2])] == []


def _forms(text: str) -> list[tuple[str, str]]:
    return [(found[1] if (found := METHOD.search(form[0])) else "get", form[1]) for form in FORM.finditer(text)]


def _absolute(link: str, path: str) -> str:
    if link.startswith("?"):
        return path + link
    return link or path


def _is_taken(app: Starlette, method: str, path: str) -> bool:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)
