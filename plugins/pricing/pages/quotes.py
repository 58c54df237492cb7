"""A price for a piece that lies on the counter, said and kept."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.pricing.actions.quote import quote as say_price
from plugins.pricing.domain.explain import explain, explain_rules
from plugins.pricing.domain.titles import SOURCES, SUPPLIES, TIERS, UNITS
from plugins.pricing.forms.quote import QuoteForm
from plugins.pricing.pages.board import place_choices
from plugins.pricing.permissions import SEE_RATES
from plugins.pricing.queries.quotes import quote as kept_quote
from web.render import page
from web.routing import get, post, redirect


@get("/pricing/quotes/new", permission=SEE_RATES)
def new_quote(request: Request, uow: UnitOfWork) -> Response:
    return page(
        request,
        "pricing/new_quote.html",
        metals=place_choices()["metals"],
        supplies=[(supply.value, _(title)) for supply, title in SUPPLIES.items()],
        tiers=[(tier, _(title)) for tier, title in TIERS.items()],
        currency=uow.shop.currency,
    )


@post("/pricing/quotes", form=QuoteForm, permission=SEE_RATES, again=new_quote)
def make_quote(request: Request, uow: UnitOfWork, form: QuoteForm) -> Response:
    return redirect(f"/pricing/quotes/{say_price(uow, form).id}")


@get("/pricing/quotes/{quote}", permission=SEE_RATES)
def show_quote(request: Request, uow: UnitOfWork, quote: UUID) -> Response:
    kept = kept_quote(uow, quote)
    return page(
        request,
        "pricing/quote.html",
        quote=kept,
        cart=kept.cart,
        holds=kept.holds(uow.now),
        explain=explain,
        units=UNITS,
        sources=SOURCES,
        explain_rules=explain_rules,
    )
