"""Finding the route of an address at once: to try a hundred patterns in turn costs as much as a statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send


class Addresses(BaseRoute):
    """Stands before the routes themselves, which name addresses and answer what is not found here.

    Routes lie by method, length, and what is fixed before the first name: `/items/new` wins over `/items/{item}`.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int, str], list[Route]] = defaultdict(list)
        for route in routes:
            fixed = route.path.split("{", 1)[0].rstrip("/")
            for method in route.methods or ():
                self._routes[method, len(route.path.split("/")), fixed].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            steps = scope["path"].split("/")
            for fixed in range(len(steps), 0, -1):
                for route in self._routes.get((scope["method"], len(steps), "/".join(steps[:fixed])), ()):
                    match, found = route.matches(scope)
                    if match is Match.FULL:
                        return match, {**found, "route": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)
