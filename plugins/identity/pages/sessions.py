"""Where one is signed in, and ending it: in a shop and on the platform."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import NotSignedIn
from kernel.i18n import _
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity import queries
from plugins.identity.actions.end_sessions import end_all, end_one, end_others
from plugins.identity.domain.session import Token
from plugins.identity.pages.carried import held
from plugins.identity.ports import SessionCache
from web.cookies import drop_session
from web.render import page
from web.routing import get, post, redirect


@get("/account/sessions", everyone=True, impersonating=False)
def list_sessions(request: Request, uow: UnitOfWork, database: Database) -> Response:
    with database.for_platform("list the own sessions", uow.actor, read_only=True) as work:
        return _shown(request, work)


# Each moves in a transaction of the platform: a person's sessions are not the shop's.
@post("/account/sessions/{session}/end", everyone=True, own=True, again=list_sessions)
def end_session(request: Request, uow: UnitOfWork, database: Database, cache: SessionCache, session: UUID) -> Response:
    return _one_ended(request, database, cache, session, "/account/sessions")


@post("/account/sessions/end-others", everyone=True, own=True)
def end_other_sessions(request: Request, uow: UnitOfWork, database: Database, cache: SessionCache) -> Response:
    return _others_ended(request, database, cache, "/account/sessions")


@post("/account/sessions/end-all", everyone=True, own=True)
def end_all_sessions(request: Request, uow: UnitOfWork, database: Database, cache: SessionCache) -> Response:
    return _all_ended(request, database, cache)


@get("/platform/account/sessions", platform=True, everyone=True)
def list_sessions_of_admin(request: Request, work: PlatformWork) -> Response:
    return _shown(request, work)


@post("/platform/account/sessions/{session}/end", platform=True, everyone=True, again=list_sessions_of_admin)
def end_session_of_admin(
    request: Request, work: PlatformWork, database: Database, cache: SessionCache, session: UUID
) -> Response:
    return _one_ended(request, database, cache, session, "/platform/account/sessions")


@post("/platform/account/sessions/end-others", platform=True, everyone=True)
def end_other_sessions_of_admin(
    request: Request, work: PlatformWork, database: Database, cache: SessionCache
) -> Response:
    return _others_ended(request, database, cache, "/platform/account/sessions")


@post("/platform/account/sessions/end-all", platform=True, everyone=True)
def end_all_sessions_of_admin(
    request: Request, work: PlatformWork, database: Database, cache: SessionCache
) -> Response:
    return _all_ended(request, database, cache)


def _shown(request: Request, work: PlatformWork) -> Response:
    mine = queries.session(work, _held(request).hash)
    if mine is None:
        raise NotSignedIn
    names = {place.tenant: place.name for place in mine.places}
    opened = queries.sessions_of(work, mine)
    return page(request, "identity/sessions.html", sessions=opened, mine=mine.id, names=names)


def _one_ended(request: Request, database: Database, cache: SessionCache, session: UUID, back: str) -> Response:
    if end_one(database, cache, _held(request), session):
        return drop_session(request, redirect("/login"))
    return redirect(back, say=_("That session has ended."))


def _others_ended(request: Request, database: Database, cache: SessionCache, back: str) -> Response:
    end_others(database, cache, _held(request))
    return redirect(back, say=_("On all other devices you are signed out."))


def _all_ended(request: Request, database: Database, cache: SessionCache) -> Response:
    end_all(database, cache, _held(request))
    return drop_session(request, redirect("/login"))


def _held(request: Request) -> Token:
    token = held(request)
    if token is None:
        raise NotSignedIn
    return token
