"""Somebody has forgotten their password."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import Database
from plugins.identity.actions import tell
from plugins.identity.actions.reset_password import ask_for_reset, check_reset, reset_password
from plugins.identity.domain.reset import ResetIsOver
from plugins.identity.forms import ForgotForm, ResetForm
from plugins.identity.pages.carried import visitor
from plugins.identity.ports import Limits
from web.render import page
from web.routing import get, post, redirect


@get("/forgot", public=True)
def show_forgotten(request: Request) -> Response:
    return page(request, "identity/forgotten.html")


@post("/forgot", form=ForgotForm, public=True, again=show_forgotten)
def send_letter(request: Request, database: Database, limits: Limits, form: ForgotForm) -> Response:
    ask_for_reset(database, limits, form, visitor(request))
    return page(request, "identity/letter_sent.html", email=form.email)


@get("/reset", public=True)
def show_reset(request: Request, database: Database) -> Response:
    token = request.query_params.get("token") or request.state.draft.text("token")
    try:
        with database.for_platform("whose letter it is", tell.DOOR, read_only=True) as work:
            check_reset(work, str(token))
    except ResetIsOver as over:
        return redirect("/forgot", say=str(over))
    return page(request, "identity/reset.html", token=token)


@post("/reset", form=ResetForm, public=True, again=show_reset)
def choose_anew(request: Request, database: Database, form: ResetForm) -> Response:
    reset_password(database, form)
    return redirect("/login", say=_("Your password is set. Please sign in with it."))
