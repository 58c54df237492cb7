"""What the door asks after the password: a code, or, of whoever has no second factor and needs one, to set one up."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database
from plugins.identity import queries
from plugins.identity.actions import enrol_app as enrolling
from plugins.identity.actions import tell
from plugins.identity.actions.give_code import give_code, waiting_person
from plugins.identity.actions.passkeys import ask_for
from plugins.identity.domain.passkey import Purpose
from plugins.identity.domain.session import SignInAgain, Stage
from plugins.identity.forms import AppForm, CodeForm
from plugins.identity.pages.carried import carry, visitor
from plugins.identity.pages.door import onward
from plugins.identity.pages.drawn import qr_code
from plugins.identity.ports import Limits
from web.render import page
from web.routing import get, post, redirect


@get("/login/code", public=True)
def show_code(request: Request, database: Database, safe: Safe, site: Site) -> Response:
    try:
        session, _login = waiting_person(database, visitor(request), Stage.SECOND_FACTOR)
    except SignInAgain:
        return redirect("/login")
    with database.for_platform("ask for what they have", tell.as_themselves(session), read_only=True) as work:
        factors, keys = queries.factors(work, session.person), queries.passkeys_of(work, session.person)
        question = ask_for(safe, site, work.now, Purpose.SECOND_FACTOR, session.id, keys) if keys else None
    wanted = request.query_params.get("next", "/")
    return page(request, "identity/code.html", factors=factors, question=question, next=wanted)


@post("/login/code", form=CodeForm, public=True, again=show_code)
def enter_with_code(
    request: Request, database: Database, limits: Limits, safe: Safe, site: Site, form: CodeForm
) -> Response:
    entered = give_code(database, limits, safe, site, form, visitor(request))
    return carry(request, redirect(onward(entered, form.next)), entered.token)


@get("/login/app", public=True)
def show_first_app(request: Request, database: Database, safe: Safe) -> Response:
    try:
        session, _login = waiting_person(database, visitor(request), Stage.ENROL)
    except SignInAgain:
        return redirect("/login")
    with database.for_platform("offer an app", tell.as_themselves(session), read_only=True) as work:
        offer = enrolling.offer_app(work, safe, session.person, request.state.draft.text("offer"))
    return page(
        request,
        "identity/first_app.html",
        offer=offer,
        drawn=qr_code(offer.address),
        next=request.query_params.get("next", "/"),
    )


@post("/login/app", form=AppForm, public=True, again=show_first_app)
def enter_with_first_app(request: Request, database: Database, safe: Safe, form: AppForm) -> Response:
    entered, codes = enrolling.enrol_app_at_the_door(database, safe, form, visitor(request))
    # A page and no redirect: the recovery codes are shown this once.
    shown = page(request, "identity/first_codes.html", codes=codes, on=onward(entered, form.next))
    return carry(request, shown, entered.token)
