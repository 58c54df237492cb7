"""Parts of a page that stand by themselves: one that breaks says so in its place, and the others stay."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request

from kernel import faults
from kernel.uow import PlatformWork, UnitOfWork
from web.render import Look, showing

log = logging.getLogger(__name__)


def part(
    request: Request,
    unit: UnitOfWork | PlatformWork,
    name: str,
    template: str,
    show: Callable[[], dict[str, Any] | None],
) -> Markup:
    """What the template makes of what `show` answers; nothing of None.

    Only on pages that write nothing. What broke is in the book of faults, under the number that is shown.
    """
    try:
        shown = show()
        return Markup("") if shown is None else rendered(request, template, shown)
    except Exception as fault:
        # First of all: where the database itself is away, that is what the page has to say.
        unit.begin_anew()
        number = _note(request, unit, name, fault)
        return rendered(request, "_broken_part.html", {"number": number})


def rendered(request: Request, template: str, shown: Mapping[str, Any]) -> Markup:
    """The template with what it has to show: its names and no other's."""
    look: Look = request.app.state.look
    view = request.state.view
    with showing(view, request=request):
        # Safe: it comes from a template that escapes what it is given.
        return Markup(look.render(template, "", {**shown, "view": view}))  # noqa: S704


def _note(request: Request, unit: UnitOfWork | PlatformWork, name: str, fault: Exception) -> UUID:
    shop = unit.shop.id if isinstance(unit, UnitOfWork) else None
    asked = request.scope.get("request_id", "")
    number = faults.note(request.app.state.house.database, "part", name, fault, shop=shop, request=asked)
    log.error("part %s of a page broke: %s", name, number, exc_info=fault)
    return number
