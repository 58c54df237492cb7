"""The door of the house: closed during maintenance, but for what tells whether the house stands."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel.i18n import speaking
from web import frame, problems
from web.assets import PREFIX
from web.house import House

OPEN = ("/health/", "/metrics", f"{PREFIX}/")


class Door:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN):
            await self.app(scope, receive, send)
            return
        house: House = scope["app"].state.house
        maintenance = house.watch.now
        if maintenance is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        # Nothing can be chosen here now, and nobody is known.
        request.state.view = replace(frame.nobodys(request, house), preferences="")
        with speaking(request.state.view.language):
            response = problems.closed(request, maintenance, house.database.clock.now())
        await response(scope, receive, send)
