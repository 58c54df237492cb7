"""While an admin acts in somebody's account: what they may, and the way out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.access import SignedIn
from kernel.contributions import Slot
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation import queries
from plugins.impersonation.actions import escalate as escalating
from plugins.impersonation.actions import leave as leaving
from plugins.impersonation.forms import EscalationForm
from web.cookies import carry_session, drop_session, held_session, holder
from web.render import page
from web.routing import get, post, redirect


def _reason(uow: UnitOfWork) -> dict[str, str] | None:
    because = queries.reason(uow)
    return {"because": because} if because else None


#: In the band that stands on every page meanwhile.
REASON = Slot("frame.impersonation", "impersonation/_reason.html", _reason, None)


@get("/impersonation", everyone=True, impersonating=True, sensitive=True)
def ask_to_change(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "impersonation/escalate.html", subject=uow.actor.subject)


@post("/impersonation", form=EscalationForm, everyone=True, impersonating=True, sensitive=True, again=ask_to_change)
def escalate(
    request: Request, uow: UnitOfWork, database: Database, form: EscalationForm, sessions: identity.SessionCache
) -> Response:
    person = _person(request)
    escalating.escalate(database, uow, person, form)
    identity.forget(sessions, _token(request))
    return redirect("/", say=_("You may change things now. It is all written down under both names."))


# `own`, so that nobody has to stay in a shop where nothing may be changed.
@post("/impersonation/leave", everyone=True, own=True, impersonating=True)
def leave(request: Request, uow: UnitOfWork, database: Database, sessions: identity.SessionCache) -> Response:
    token = leaving.leave(database, uow, _person(request))
    identity.forget(sessions, _token(request))
    if token is None:
        return drop_session(request, redirect("/login"))
    said = _("You are back on the platform.")
    return carry_session(request, redirect(f"/platform/shops/{uow.shop.id}", say=said), token.secret, identity.LONGEST)


def _person(request: Request) -> SignedIn:
    person = holder(request)
    if person is None:
        raise NotFound
    return person


def _token(request: Request) -> identity.Token:
    return identity.Token(held_session(request) or "")
