"""Keys are made and revoked by people with a browser: their own and, by who decides about people, those of others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Slot
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.programs import queries
from plugins.programs.actions.end_theirs import end_theirs, revoke_theirs
from plugins.programs.actions.make_key import make_key, revoke_key, scopes
from plugins.programs.domain.key import Key
from plugins.programs.forms import KeyForm
from web.cookies import holder
from web.proof import NotByProvidersWord
from web.render import page
from web.routing import get, post, redirect


@get("/account/keys", everyone=True, own=True, impersonating=False)
def show_keys(request: Request, uow: UnitOfWork) -> Response:
    keys = queries.keys(uow, uow.actor.id)
    lasting = _titled(uow, [key for key in keys if key.lasts(uow.now)])
    over = [key for key in keys if not key.lasts(uow.now)]
    person = holder(request)
    kept_out = str(NotByProvidersWord()) if person and person.confined else ""
    return page(request, "programs/keys.html", lasting=lasting, over=over, groups=_groups(uow), kept_out=kept_out)


# One's own: it outlives the session, so a provider's word is not enough to make it.
@post("/account/keys", form=KeyForm, everyone=True, own=True, again=show_keys, impersonating=False, sensitive=True)
def add_key(request: Request, uow: UnitOfWork, form: KeyForm) -> Response:
    # A page and no redirect: the key is shown this once and kept nowhere.
    return page(request, "programs/made.html", made=make_key(uow, form))


@post("/account/keys/{key}/revocation", everyone=True, own=True, impersonating=False)
def end_key(uow: UnitOfWork, key: UUID) -> Response:
    revoke_key(uow, key)
    return redirect("/account/keys", say=_("Revoked: it opens nothing any more."))


def _of_person(uow: UnitOfWork, user: UUID) -> dict[str, Any]:
    """What acts in somebody's name here, on their page."""
    keys = _titled(uow, [key for key in queries.keys(uow, user) if key.lasts(uow.now)])
    return {"user": user, "keys": keys, "programs": queries.programs(uow, user)}


OF_PERSON = Slot("identity.user_activity", "programs/_of_person.html", _of_person, identity.EDIT_USERS, order=500)


@post("/users/{user}/keys/{key}/revocation", permission=identity.EDIT_USERS, impersonating=False)
def end_key_of_user(uow: UnitOfWork, user: UUID, key: UUID) -> Response:
    revoke_theirs(uow, user, key)
    return redirect(f"/users/{user}/activity", say=_("Revoked: it opens nothing any more."))


@post("/users/{user}/programs/{session}/end", permission=identity.EDIT_USERS, impersonating=False)
def end_program_of_user(uow: UnitOfWork, user: UUID, session: UUID) -> Response:
    end_theirs(uow, user, session)
    return redirect(f"/users/{user}/activity", say=_("The program is signed out."))


def _titled(uow: UnitOfWork, keys: list[Key]) -> list[tuple[Key, list[str]]]:
    """Each with what it may, as the person reads it."""
    titles = {given.value.name: _(given.value.title) for given in uow.plugins.given("permissions")}
    return [(key, [titles[scope] for scope in key.scopes if scope in titles]) for key in keys]


def _groups(uow: UnitOfWork) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a key can hold, by plugin."""
    found: dict[str, list[tuple[str, str]]] = {}
    for given in scopes(uow):
        found.setdefault(given.plugin, []).append((given.value.name, _(given.value.title)))
    return [(_(uow.plugins.by_name[plugin].manifest.title), lines) for plugin, lines in found.items()]
