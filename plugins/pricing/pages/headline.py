"""The rate in the top bar of every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Slot
from kernel.i18n import _
from kernel.metal import Metal
from kernel.uow import UnitOfWork
from plugins.pricing.domain.titles import METALS, PER_UNIT, SOURCES
from plugins.pricing.permissions import SEE_RATES, SET_RATES
from plugins.pricing.queries.headline import headline
from web.render import page
from web.routing import get


@get("/pricing/headline", permission=SEE_RATES)
def show_headline(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "pricing/_headline.html", **in_top_bar(uow))


def in_top_bar(uow: UnitOfWork) -> Mapping[str, Any]:
    now = headline(uow)
    return {
        "headline": now,
        "per_unit": _(PER_UNIT[now.quotation.unit]) if now else "",
        "metal": _(METALS[Metal.GOLD]),
        "source": _(SOURCES.get(now.rate.source, now.rate.source)) if now else "",
        "is_of_today": now is not None and now.rate.at.date() == uow.now.date(),
        "may_set": uow.actor.may(SET_RATES.name),
    }


IN_TOP_BAR = Slot("frame.top", "pricing/_headline.html", in_top_bar, SEE_RATES, order=100)
