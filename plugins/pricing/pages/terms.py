"""The market a shop trades in, and what it decides itself: profit, rounding, taxes, buy-back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pricing.actions.choose import choose_buyback, choose_terms
from plugins.pricing.domain.titles import COMPONENTS, ROUNDING_MODES, SUPPLIES
from plugins.pricing.forms.terms import BuyBackForm, TermsForm
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES
from plugins.pricing.queries.board import day_of, market_of
from plugins.pricing.queries.markets import market
from web.render import page
from web.routing import get, post, redirect

ROOM_FOR_MORE = 3  #: Empty rows below the finenesses that have a buy-back fineness already.


@get("/pricing/terms", permission=SEE_RATES)
def show_terms(request: Request, uow: UnitOfWork) -> Response:
    profile = market_of(uow)
    rounding, currency = profile.rounding, uow.shop.currency
    return page(
        request,
        "pricing/terms.html",
        profile=profile,
        today=day_of(uow, uow.now),
        steps={
            "line": (Money(rounding.line_step, currency), rounding.line_mode),
            "tax": (Money(rounding.tax_step, currency), rounding.tax_mode),
            "total": (Money(rounding.total_step, currency), rounding.total_mode),
        },
        taxed=frozenset().union(*(tax.base for tax in profile.taxes)),
        open_taxes=sorted({tax.name for tax in market(uow.shop.market).taxes if tax.rate is None}),
        rates={tax.name: tax.rate for tax in profile.taxes},
        modes=[(mode.value, _(title)) for mode, title in ROUNDING_MODES.items()],
        components=COMPONENTS,
        supplies=SUPPLIES,
        currency=currency,
        may_edit=uow.actor.may(EDIT_RULES.name),
    )


@post("/pricing/terms", form=TermsForm, permission=EDIT_RULES, again=show_terms)
def change_terms(request: Request, uow: UnitOfWork, form: TermsForm) -> Response:
    choose_terms(uow, form)
    return redirect("/pricing/terms", say=_("Saved. Prices follow these terms from now on."))


@get("/pricing/buyback", permission=SEE_RATES)
def show_buyback(request: Request, uow: UnitOfWork) -> Response:
    terms = market_of(uow).buyback
    return page(
        request,
        "pricing/buyback.html",
        terms=terms,
        rooms=range(len(terms.paid_as) + ROOM_FOR_MORE),
        may_edit=uow.actor.may(EDIT_RULES.name),
    )


@post("/pricing/buyback", form=BuyBackForm, permission=EDIT_RULES, again=show_buyback)
def change_buyback(request: Request, uow: UnitOfWork, form: BuyBackForm) -> Response:
    choose_buyback(uow, form)
    return redirect("/pricing/buyback", say=_("Saved. Old metal is paid like this from now on."))
