"""The first page of a shop."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Widget
from kernel.uow import UnitOfWork
from web.render import Look, page, showing
from web.routing import get


@get("/", everyone=True)
def today(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "today/today.html", cards=[_card(request, uow, widget) for widget in _widgets(uow)])


def _widgets(uow: UnitOfWork) -> list[Widget]:
    """Those of the shop's plugins that this person may see, in their order."""
    widgets = (given.value for given in uow.plugins.given("widgets") if given.plugin in uow.shop.plugins)
    seen = (each for each in widgets if each.permission is None or uow.actor.may(each.permission.name))
    return sorted(seen, key=lambda widget: widget.order)


def _card(request: Request, uow: UnitOfWork, widget: Widget) -> Markup:
    """A widget's template with what it has to show now: its names and no other's."""
    look: Look = request.app.state.look
    shown = uow.plugins.bound(widget.show)(uow)
    with showing(request.state.view, request=request):
        # Safe: it comes from a template that escapes what it is given.
        return Markup(look.render(widget.template, "", {**shown, "view": request.state.view}))  # noqa: S704
