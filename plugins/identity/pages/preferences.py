"""How somebody wants to see the product: on this device, and their language everywhere."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import Database
from plugins.identity import store
from plugins.identity.forms import PreferencesForm
from plugins.identity.pages.carried import held, is_ours
from web.frame import LANGUAGE_COOKIE, SIDE_COOKIE, THEME_COOKIE
from web.house import House
from web.routing import post, redirect

A_YEAR_S = 365 * 24 * 60 * 60


# Public: somebody who cannot read the sign-in page has to change its language first.
@post("/preferences", form=PreferencesForm, public=True)
def prefer(request: Request, database: Database, form: PreferencesForm) -> Response:
    response = redirect(form.next if is_ours(form.next) else "/")
    for cookie, choice in {LANGUAGE_COOKIE: form.language, THEME_COOKIE: form.theme, SIDE_COOKIE: form.side}.items():
        if choice is not None:
            response.set_cookie(cookie, choice, max_age=A_YEAR_S, path="/", httponly=True, samesite="lax")
    if form.language is not None:
        _remember(request, database, form.language)
    return response


def _remember(request: Request, database: Database, language: str) -> None:
    house: House = request.app.state.house
    token = held(request)
    person = house.recognise(token.secret if token else None)
    if person is None or person.actor.id is None:
        return
    with database.for_platform("prefer a language", person.actor) as work:
        store.set_language(work, person.actor.id, language)
