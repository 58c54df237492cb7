"""One's own keys: a person makes and revokes them with a browser, never a program."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.programs import queries
from plugins.programs.actions.make_key import make_key, revoke_key, scopes
from plugins.programs.forms import KeyForm
from web.render import page
from web.routing import get, post, redirect


@get("/account/keys", everyone=True)
def show_keys(request: Request, uow: UnitOfWork) -> Response:
    keys = queries.keys(uow)
    lasting = [key for key in keys if key.lasts(uow.now)]
    over = [key for key in keys if not key.lasts(uow.now)]
    return page(request, "programs/keys.html", lasting=lasting, over=over, groups=_groups(uow))


@post("/account/keys", form=KeyForm, everyone=True, again=show_keys, impersonating=False, sensitive=True)
def add_key(request: Request, uow: UnitOfWork, form: KeyForm) -> Response:
    # A page and no redirect: the key is shown this once and kept nowhere.
    return page(request, "programs/made.html", made=make_key(uow, form))


@post("/account/keys/{key}/revocation", everyone=True, own=True, impersonating=False)
def end_key(uow: UnitOfWork, key: UUID) -> Response:
    revoke_key(uow, key)
    return redirect("/account/keys", say=_("Revoked: it opens nothing any more."))


def _groups(uow: UnitOfWork) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a key can hold, by plugin."""
    found: dict[str, list[tuple[str, str]]] = {}
    for given in scopes(uow):
        found.setdefault(given.plugin, []).append((given.value.name, _(given.value.title)))
    return [(_(uow.plugins.by_name[plugin].manifest.title), lines) for plugin, lines in found.items()]
