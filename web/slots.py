"""What other plugins add to a page: the page names a place, and whoever has something to say there is asked."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from kernel.contributions import Slot
from kernel.uow import UnitOfWork
from web.render import Look, showing


def added_at(request: Request, uow: UnitOfWork, place: str, **about: Any) -> list[Markup]:
    """What the shop's plugins add here for this person, in their order. Each is called as `show(uow, **about)`."""
    if uow.connection.closed:
        return []  # a page that says why something failed: what it was about is over
    slots = (given.value for given in uow.plugins.given("slots") if given.plugin in uow.shop.plugins)
    here = (slot for slot in slots if slot.place == place)
    seen = (slot for slot in here if slot.permission is None or uow.actor.may(slot.permission.name))
    return [_shown(request, uow, slot, about) for slot in sorted(seen, key=lambda slot: slot.order)]


def _shown(request: Request, uow: UnitOfWork, slot: Slot, about: dict[str, Any]) -> Markup:
    """A slot's template with what it has to show now: its names and no other's."""
    look: Look = request.app.state.look
    shown = uow.plugins.bound(slot.show)(uow, **about)
    with showing(request.state.view, request=request):
        # Safe: it comes from a template that escapes what it is given.
        return Markup(look.render(slot.template, "", {**shown, "view": request.state.view}))  # noqa: S704
