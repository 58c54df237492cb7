"""Several shops: going from one to another without signing in again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Found, Scope, Search, Slot
from kernel.errors import NotSignedIn
from kernel.i18n import N_, _
from kernel.tenancy import Place
from kernel.text import search_key
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity.actions import switch_shop as going
from plugins.identity.domain.session import ByProviderAlone
from plugins.identity.forms import PlaceForm
from plugins.identity.pages.carried import carry, held
from plugins.identity.pages.door import onward, to_provider
from plugins.identity.ports import SessionCache
from web.render import page
from web.routing import get, post, redirect
from web.view import View, shown_now


@get("/account/shops", everyone=True)
def show_shops(request: Request, uow: UnitOfWork) -> Response:
    return _shown(request, uow.shop.id)


@get("/platform/account/shops", platform=True, everyone=True)
def show_shops_of_admin(request: Request, work: PlatformWork) -> Response:
    return _shown(request, None)


# The session moves in a transaction of the platform; the shop's own at hand only says who asks, and from where.
@post("/account/shops", form=PlaceForm, everyone=True, own=True, again=show_shops)
def switch_shop(
    request: Request, uow: UnitOfWork, database: Database, cache: SessionCache, form: PlaceForm
) -> Response:
    return _switched(request, database, cache, form)


@post("/platform/account/shops", form=PlaceForm, platform=True, everyone=True, again=show_shops_of_admin)
def switch_shop_of_admin(
    request: Request, work: PlatformWork, database: Database, cache: SessionCache, form: PlaceForm
) -> Response:
    return _switched(request, database, cache, form)


def _shown(request: Request, here: UUID | None) -> Response:
    view: View = request.state.view
    return page(request, "identity/shops.html", places=view.places, here=here)


def _switched(request: Request, database: Database, cache: SessionCache, form: PlaceForm) -> Response:
    token = held(request)
    if token is None:
        raise NotSignedIn
    try:
        entered = going.switch_shop(database, cache, token, form.shop)
    except ByProviderAlone as away:
        return to_provider(away)
    return carry(request, redirect(onward(entered)), entered.token)


# In the frame, and in the search of every page


def _others(here: UUID | None) -> list[Place]:
    return [place for place in shown_now().view.places if place.tenant != here]


def _in_shop(uow: UnitOfWork) -> dict[str, Any] | None:
    others = _others(uow.shop.id)
    return {"places": others, "action": "/account/shops"} if others else None


def _on_platform() -> dict[str, Any] | None:
    others = _others(None)
    return {"places": others, "action": "/platform/account/shops"} if others else None


def find_shops(uow: UnitOfWork, text: str, limit: int) -> list[Found]:
    """Leads to the page on which one goes there: a search changes nothing by itself."""
    wanted = search_key(text).split()
    called = [name for place in _others(uow.shop.id) if _begins(name := name_of(place), wanted)]
    return [Found(name, (_("Change shop"),), "/account/shops", "store") for name in called[:limit]]


def _begins(name: str, wanted: list[str]) -> bool:
    """Does the name have words that begin so?"""
    words = search_key(name).split()
    return all(any(word.startswith(one) for word in words) for one in wanted)


def name_of(place: Place) -> str:
    return place.name if place.tenant else _("Platform")


SWITCHES = [
    Slot("frame.shop", "identity/_switch.html", _in_shop, None),
    Slot("frame.shop", "identity/_switch.html", _on_platform, None, scope=Scope.PLATFORM),
]
SHOPS = Search("identity.shops", N_("Your shops"), None, find_shops, order=310)
