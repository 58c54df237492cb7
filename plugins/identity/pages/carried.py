"""What a browser carries from request to request: the session's token, in a cookie that no script can read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from plugins.identity.domain.session import LONGEST, Token, Visitor
from web.cookies import carry_session, device, held_session, peer
from web.render import LANGUAGES

#: The language that somebody chose before they signed in: from then on it is theirs.
AT_THE_DOOR = "language-at-the-door"
AT_THE_DOOR_S = 10 * 60
A_YEAR_S = 365 * 24 * 60 * 60


def held(request: Request) -> Token | None:
    """The token that came with this request, whatever it is worth."""
    secret = held_session(request)
    return Token(secret) if secret else None


def visitor(request: Request) -> Visitor:
    chosen = request.cookies.get(AT_THE_DOOR)
    known = [code for code, _name in LANGUAGES]
    return Visitor(peer(request), device(request), held(request), chosen if chosen in known else None)


def carry(request: Request, response: Response, token: Token) -> Response:
    """Give the browser a new token to carry."""
    return carry_session(request, response, token.secret, LONGEST)


def remember(response: Response, cookie: str, choice: str) -> None:
    """Remember on this device how its people want to see the product."""
    response.set_cookie(cookie, choice, max_age=A_YEAR_S, path="/", httponly=True, samesite="lax")
