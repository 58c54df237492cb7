"""The first page of a shop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Entry, Widget
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from web.parts import part
from web.render import page
from web.routing import get


@dataclass(frozen=True, slots=True)
class Card:
    """A widget as it stands on the page now. `content` is empty while there is nothing to say."""

    widget: Widget
    content: Markup

    @property
    def address(self) -> str:
        return f"/today/{self.widget.name}"

    @property
    def id(self) -> str:
        return self.widget.name.replace(".", "-")

    @property
    def trigger(self) -> str:
        """The signals on which it is asked for anew: several at once, as in a sale, are one."""
        return ", ".join(f"live:{topic} from:body throttle:2s" for topic in self.widget.live)


@get("/", everyone=True)
def today(request: Request, uow: UnitOfWork) -> Response:
    cards = [_card(request, uow, widget) for widget in _widgets(uow)]
    return page(
        request,
        "today/today.html",
        quick=_quick(uow),
        cards=cards,
        is_quiet=not any(card.content for card in cards),
    )


@get("/today/{widget}", everyone=True)
def show_widget(request: Request, uow: UnitOfWork, widget: str) -> Response:
    """One part of Today by itself, for when it changed."""
    found = next((each for each in _widgets(uow) if each.name == widget), None)
    if found is None:
        raise NotFound(_("There is no such part of Today."))
    return page(request, "today/widget.html", block="widget", card=_card(request, uow, found))


def _widgets(uow: UnitOfWork) -> list[Widget]:
    """Those of the shop's plugins that this person may see, in their order."""
    return sorted(_allowed(uow, "widgets"), key=lambda widget: widget.order)


def _quick(uow: UnitOfWork) -> Sequence[Entry]:
    """What this person begins a dozen times a day."""
    return sorted((entry for entry in _allowed(uow, "navigation") if entry.place == "quick"), key=lambda one: one.order)


def _allowed(uow: UnitOfWork, hook: str) -> Iterable[Any]:
    given = (given.value for given in uow.plugins.given(hook) if given.plugin in uow.shop.plugins)
    return (each for each in given if each.permission is None or uow.actor.may(each.permission.name))


def _card(request: Request, uow: UnitOfWork, widget: Widget) -> Card:
    """A widget's template with what it has to show now: its names and no other's."""

    def show() -> dict[str, Any] | None:
        shown = uow.plugins.bound(widget.show)(uow)
        return None if shown is None else dict(shown)

    return Card(widget, part(request, uow, widget.name, widget.template, show))
