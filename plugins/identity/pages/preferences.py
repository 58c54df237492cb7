"""How somebody wants to see the product: on this device, and their language everywhere."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import Database
from plugins.identity import store
from plugins.identity.forms import PreferencesForm
from plugins.identity.pages.carried import AT_THE_DOOR, AT_THE_DOOR_S, remember
from web.cookies import holder
from web.frame import LANGUAGE_COOKIE, SIDE_COOKIE, THEME_COOKIE
from web.routing import is_ours, post, redirect


# Public: somebody who cannot read the sign-in page has to change its language first.
@post("/preferences", form=PreferencesForm, public=True)
def prefer(request: Request, database: Database, form: PreferencesForm) -> Response:
    response = redirect(form.next if is_ours(form.next) else "/")
    for cookie, choice in {LANGUAGE_COOKIE: form.language, THEME_COOKIE: form.theme, SIDE_COOKIE: form.side}.items():
        if choice is not None:
            remember(response, cookie, choice)
    if form.language is not None and not _remembered(request, database, form.language):
        response.set_cookie(AT_THE_DOOR, form.language, AT_THE_DOOR_S, path="/", httponly=True, samesite="lax")
    return response


def _remembered(request: Request, database: Database, language: str) -> bool:
    """With the person, where somebody is signed in."""
    person = holder(request)
    if person is None or person.actor.id is None:
        return False
    with database.for_platform("prefer a language", person.actor) as work:
        store.set_language(work, person.actor.id, language)
    return True
