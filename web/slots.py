"""What other plugins add to a page: the page names a place, and whoever has something to say there is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from markupsafe import Markup
from starlette.requests import Request

from kernel.contributions import Given, Scope, Slot
from kernel.plugins import Plugins
from kernel.tenancy import Actor
from kernel.uow import UnitOfWork
from web.parts import rendered


def added_at(request: Request, uow: UnitOfWork, place: str, **about: Any) -> list[Markup]:
    """What the shop's plugins add here for this person, in their order. Each is called as `show(uow, **about)`."""
    if uow.connection.closed:
        return []  # a page that says why something failed: what it was about is over
    given = (each for each in uow.plugins.given("slots") if each.plugin in uow.shop.plugins)
    slots = _open_to(uow.actor, given, Scope.SHOP, place)
    return _shown(request, ((slot, uow.plugins.bound(slot.show)(uow, **about)) for slot in slots))


def added_on_platform(request: Request, plugins: Plugins, actor: Actor, place: str, **about: Any) -> list[Markup]:
    """The same on a page of the platform. Each is called as `show(**about)`."""
    slots = _open_to(actor, plugins.given("slots"), Scope.PLATFORM, place)
    return _shown(request, ((slot, plugins.bound(slot.show)(**about)) for slot in slots))


def _open_to(actor: Actor, given: Iterable[Given], scope: Scope, place: str) -> list[Slot]:
    slots = (cast(Slot, each.value) for each in given)
    here = (slot for slot in slots if slot.place == place and slot.scope is scope)
    seen = (slot for slot in here if slot.permission is None or actor.may(slot.permission.name))
    return sorted(seen, key=lambda slot: slot.order)


def _shown(request: Request, slots: Iterable[tuple[Slot, Mapping[str, Any] | None]]) -> list[Markup]:
    return [rendered(request, slot.template, shown) for slot, shown in slots if shown is not None]
