"""The first page of a shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Widget
from kernel.uow import UnitOfWork
from web.render import page
from web.routing import get


@dataclass(frozen=True, slots=True)
class Card:
    """A widget with what it has to show now; its template finds that as `shown`."""

    widget: Widget
    shown: Mapping[str, Any]


@get("/", everyone=True)
def today(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "today/today.html", cards=[Card(widget, _ask(uow, widget)) for widget in _widgets(uow)])


def _widgets(uow: UnitOfWork) -> list[Widget]:
    """Those of the shop's plugins that this person may see, in their order."""
    widgets = (given.value for given in uow.plugins.given("widgets") if given.plugin in uow.shop.plugins)
    seen = (each for each in widgets if each.permission is None or uow.actor.may(each.permission.name))
    return sorted(seen, key=lambda widget: widget.order)


def _ask(uow: UnitOfWork, widget: Widget) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = uow.plugins.bound(widget.show)(uow)
    return shown
