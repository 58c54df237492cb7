"""Which of several routes answers an address."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route

from web.addresses import Addresses


def _route(method: str, path: str) -> Route:
    def answer(_request: Request) -> Response:
        return PlainTextResponse(path)

    return Route(path, answer, methods=[method])


ROUTES = [
    _route("GET", "/"),
    _route("GET", "/items"),
    _route("POST", "/items"),
    _route("GET", "/items/{item}"),
    _route("GET", "/items/new"),
    _route("GET", "/items/{item}/edit"),
    _route("GET", "/{anything}/edit/now"),
]


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/", "/"),
        ("GET", "/items", "/items"),
        ("HEAD", "/items", "/items"),
        ("GET", "/items/new", "/items/new"),
        ("GET", "/items/17", "/items/{item}"),
        ("GET", "/items/17/edit", "/items/{item}/edit"),
        ("GET", "/shops/edit/now", "/{anything}/edit/now"),
        ("GET", "/items/", None),
        ("GET", "/items/17/sold", None),
        ("DELETE", "/items", None),
    ],
)
def test_the_most_fixed_address_answers(method: str, path: str, found: str | None):
    match, scope = Addresses(ROUTES).matches({"type": "http", "method": method, "path": path, "root_path": ""})
    assert (match, scope.get("route") and scope["route"].path) == (Match.FULL if found else Match.NONE, found)


def test_it_answers_for_requests_only():
    assert Addresses(ROUTES).matches({"type": "websocket", "path": "/items"}) == (Match.NONE, {})
