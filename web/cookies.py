"""The cookie that carries a session, for every plugin that opens one; and from where and with what somebody comes."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from kernel.access import SignedIn
from web.house import House

DEVICE_LENGTH = 200


def held_session(request: Request) -> str | None:
    """The secret that came with this request, whatever it is worth."""
    house: House = request.app.state.house
    return request.cookies.get(house.session_cookie)


def carry_session(request: Request, response: Response, secret: str, lasts: timedelta) -> Response:
    """Give the browser another session to carry, in a cookie that no script can read."""
    house: House = request.app.state.house
    response.set_cookie(
        house.session_cookie,
        secret,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=house.production,
        httponly=True,
        samesite="lax",
    )
    return response


def drop_session(request: Request, response: Response) -> Response:
    house: House = request.app.state.house
    response.delete_cookie(house.session_cookie, path="/", secure=house.production, httponly=True, samesite="lax")
    return response


def holder(request: Request) -> SignedIn | None:
    """Whoever holds the session that came with this request: for pages that are open to all."""
    house: House = request.app.state.house
    return house.recognise(held_session(request))


def peer(request: Request) -> str:
    """The network address that it came from, as the server knows it behind its own proxies; empty where it does not."""
    return request.client.host if request.client else ""


def device(request: Request) -> str:
    """The browser, as it names itself."""
    return request.headers.get("user-agent", "").replace("\x00", "")[:DEVICE_LENGTH]
