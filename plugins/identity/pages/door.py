"""Coming in and going out."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Scope
from kernel.i18n import _
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database
from plugins.identity.actions.choose_password import choose_first_password
from plugins.identity.actions.enter_with_passkey import enter_with_passkey
from plugins.identity.actions.passkeys import are_possible, ask_for
from plugins.identity.actions.sign_in import Entered, sign_in
from plugins.identity.actions.sign_out import sign_out
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.passkey import Purpose
from plugins.identity.domain.session import ByProviderAlone, Stage
from plugins.identity.forms import FirstPasswordForm, PasskeyForm, SignInForm
from plugins.identity.pages.carried import AT_THE_DOOR, carry, held, remember, visitor
from plugins.identity.ports import Limits, SessionCache
from web.cookies import drop_session
from web.frame import LANGUAGE_COOKIE, entries
from web.house import House
from web.render import page
from web.routing import get, is_ours, post, redirect

#: Whoever asks for it is led to the first page of the platform that they may see.
PLATFORM_HOME = "/"

#: Where the door asks for what is still missing.
QUESTIONS = {Stage.CHOOSE_PASSWORD: "/login/password", Stage.SECOND_FACTOR: "/login/code", Stage.ENROL: "/login/app"}


@get("/login", public=True)
def show_sign_in(request: Request, database: Database, safe: Safe, site: Site) -> Response:
    house: House = request.app.state.house
    ways = entries(house.plugins.given("navigation"), Scope.PUBLIC, "door", DOOR)
    question = ask_for(safe, site, database.clock.now(), Purpose.SIGN_IN) if are_possible(site) else None
    wanted = request.query_params.get("next", "/")
    return page(request, "identity/sign_in.html", next=wanted, ways=ways, question=question)


@post("/login", form=SignInForm, public=True, again=show_sign_in)
def enter(request: Request, database: Database, form: SignInForm, limits: Limits) -> Response:
    try:
        entered = sign_in(database, limits, form, visitor(request))
    except ByProviderAlone as away:
        return to_provider(away, form.next)
    return _spoken(carry(request, redirect(onward(entered, form.next)), entered.token), entered.language)


@post("/login/passkey", form=PasskeyForm, public=True, again=show_sign_in)
def enter_without_password(
    request: Request, database: Database, form: PasskeyForm, limits: Limits, safe: Safe, site: Site
) -> Response:
    try:
        entered = enter_with_passkey(database, limits, safe, site, form, visitor(request))
    except ByProviderAlone as away:
        return to_provider(away, form.next)
    return _spoken(carry(request, redirect(onward(entered, form.next)), entered.token), entered.language)


@get("/login/password", public=True)
def show_first_password(request: Request) -> Response:
    return page(request, "identity/first_password.html")


@post("/login/password", form=FirstPasswordForm, public=True, again=show_first_password)
def choose_first(request: Request, database: Database, form: FirstPasswordForm) -> Response:
    entered = choose_first_password(database, form, visitor(request))
    return carry(request, redirect(onward(entered), say=_("Your password is set.")), entered.token)


# Public, so that a session which has ended already is no reason to stay; only our own pages can send it.
@post("/logout", public=True)
def leave(request: Request, database: Database, cache: SessionCache) -> Response:
    token = held(request)
    if token:
        sign_out(database, cache, token)
    response = drop_session(request, redirect("/login"))
    # The next person at this device finds nothing of what was shown, or typed and not sent.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _spoken(response: Response, language: str | None) -> Response:
    """In the language of who comes in, whoever used this device before."""
    if language is not None:
        remember(response, LANGUAGE_COOKIE, language)
        response.delete_cookie(AT_THE_DOOR, path="/", httponly=True, samesite="lax")
    return response


def to_provider(away: ByProviderAlone, wanted: str = "/") -> Response:
    """To where the shop's own provider lets them in, and on from there."""
    door = away.door if wanted == "/" else f"{away.door}?next={quote(wanted, safe='/')}"
    return redirect(door, say=str(away))


def onward(entered: Entered, wanted: str = "/") -> str:
    """To the next question of the door, or in."""
    home = _home(entered, wanted)
    if entered.stage is Stage.IN:
        return home
    question = QUESTIONS[entered.stage]
    return question if wanted == "/" else f"{question}?next={quote(home, safe='/')}"


def _home(entered: Entered, wanted: str = "/") -> str:
    """Where the person wanted to go, as far as that is a page of ours that is meant for them."""
    if wanted != "/" and is_ours(wanted) and wanted.startswith("/platform/") == entered.to_platform:
        return wanted
    return PLATFORM_HOME if entered.to_platform else "/"
