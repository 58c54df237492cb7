"""How a program signs in and stays so. Keys are made in a browser, by a person."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kernel.safe import Safe
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.programs.actions import give_tokens
from plugins.programs.actions.recognise import by_refresh_token
from plugins.programs.domain.passes import GOOD_FOR, NoTokens, Tokens
from plugins.programs.forms import RefreshForm, TokensForm
from plugins.programs.ports import Passes
from web import bearer
from web.cookies import device, peer
from web.routing import delete, post


@dataclass(frozen=True, slots=True)
class TokensAnswer:
    """`access_token` goes with every request as `Authorization: Bearer …`, for `expires_in` seconds."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


@post("/api/v1/tokens", form=TokensForm, public=True, answers=TokensAnswer, status=201)
def api_sign_in(
    request: Request, database: Database, form: TokensForm, limits: identity.Limits, safe: Safe, passes: Passes
) -> TokensAnswer:
    """Sign in with e-mail address and password, and a code where the person has a second factor."""
    visitor = identity.Visitor(peer(request), form.program or device(request)[:60] or "API")
    return _answer(give_tokens.sign_in(database, limits, safe, passes, form, visitor))


@post("/api/v1/tokens/refresh", form=RefreshForm, public=True, whose=by_refresh_token, answers=TokensAnswer)
def api_refresh(
    request: Request, database: Database, form: RefreshForm, passes: Passes, cache: identity.SessionCache
) -> TokensAnswer:
    """Get the next two tokens; the refresh token that is sent is used up with this."""
    return _answer(give_tokens.refresh(database, passes, cache, form.refresh_token))


@delete("/api/v1/tokens", everyone=True, own=True, status=204)
def api_sign_out(
    request: Request, uow: UnitOfWork, database: Database, passes: Passes, cache: identity.SessionCache
) -> Response:
    """Sign out: neither the access token that is sent nor its refresh token opens anything any more."""
    shown = passes.read(bearer.shown(request) or "")
    if shown is None:
        raise NoTokens
    give_tokens.sign_out(database, cache, uow.actor, shown.family)
    return Response(status_code=204)


def _answer(tokens: Tokens) -> TokensAnswer:
    return TokensAnswer(tokens.access, "Bearer", int(GOOD_FOR.total_seconds()), tokens.refresh)
