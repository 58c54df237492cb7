"""The board of rates: what is quoted now, how it came to be, and setting it anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from kernel.errors import BadInput
from kernel.i18n import _, unit_of
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.uow import UnitOfWork
from plugins.pricing.actions.choose import choose_for_board
from plugins.pricing.actions.set_rate import leave_board, set_rate
from plugins.pricing.domain.board import Board, Place
from plugins.pricing.domain.choices import FOLLOW_MARKET, MARKET_PREMIUM, QUOTE_MIN, RATE_AGE_H, SETTINGS
from plugins.pricing.domain.rate import Rate, choose_rate
from plugins.pricing.domain.span import Span
from plugins.pricing.domain.terms import Side
from plugins.pricing.domain.titles import METALS, SIDES, SOURCES, UNITS
from plugins.pricing.forms.board import BoardChoicesForm, PlaceForm, RateForm
from plugins.pricing.pages.chart import SPANS, History
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES, SET_RATES
from plugins.pricing.queries.board import board, history, market_history
from plugins.pricing.queries.history import market_at, own_at
from web.forms import validate
from web.render import formats, page
from web.routing import get, post, redirect

MOST_SHOWN = 200
#: No board quotes it: it stands for every fineness that has no rate of its own.
UNQUOTED = Fineness(1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board as it is shown. Without a rate it is one that the market quotes and the shop does not yet."""

    place: Place
    rate: Rate | None
    stale: bool
    sold_at: bool
    used_for: str = ""

    @property
    def title(self) -> str:
        return quoted(self.place)

    @property
    def query(self) -> str:
        return place_query(self.place)

    @property
    def source(self) -> str:
        return "" if self.rate is None else _(SOURCES.get(self.rate.source, self.rate.source))


@get("/pricing", permission=SEE_RATES)
def show_board(request: Request, uow: UnitOfWork) -> Response:
    now = board(uow)
    return page(
        request,
        "pricing/board.html",
        rows=own_rows(now),
        market_rows=market_rows(now),
        chosen={
            "age_h": uow.setting(RATE_AGE_H),
            "follows": uow.setting(FOLLOW_MARKET) == "yes",
            "premium": Decimal(uow.setting(MARKET_PREMIUM)),
            "quote_min": uow.setting(QUOTE_MIN),
        },
        may_set=uow.actor.may(SET_RATES.name),
        may_edit=uow.actor.may(EDIT_RULES.name),
    )


@get("/pricing/rates/new", permission=SET_RATES)
def new_rate(request: Request, uow: UnitOfWork) -> Response:
    now = board(uow)
    place = _asked(request) or _usual(now)
    newest = next((rate for rate in now.own if Place.of(rate) == place), None)
    return page(
        request, "pricing/new_rate.html", place=place, newest=newest, currency=uow.shop.currency, **place_choices()
    )


@post("/pricing/rates", form=RateForm, permission=SET_RATES, again=new_rate)
def add_rate(request: Request, uow: UnitOfWork, form: RateForm) -> Response:
    set_rate(uow, form)
    return redirect("/pricing", say=_("The rate is set. Prices follow it from now on."))


@post("/pricing/rates/leaving", form=PlaceForm, permission=SET_RATES)
def take_off_board(request: Request, uow: UnitOfWork, form: PlaceForm) -> Response:
    leave_board(uow, form)
    return redirect("/pricing", say=_("It is no longer on the board."))


@get("/pricing/history", permission=SEE_RATES)
def show_history(request: Request, uow: UnitOfWork) -> Response:
    place, metal, span = _asked(request), _metal(request), _span(request)
    moments = span.moments(uow.now, ZoneInfo(uow.shop.zone))
    if place is not None:
        title, rates, values = quoted(place), history(uow, place, MOST_SHOWN), own_at(uow, place, moments)
    else:
        title = _("The market’s rate for {metal}").format(metal=_(METALS[metal]))
        rates, values = market_history(uow, metal, MOST_SHOWN), market_at(uow, metal, moments)
    asked = place_query(place) if place is not None else urlencode({"metal": metal})
    return page(
        request,
        "pricing/history.html",
        subject=title,
        rates=rates,
        history=History.of(formats(request), span, moments, values, unit_of(uow.shop.currency)),
        spans=[(_(words), f"/pricing/history?{asked}&span={each}", each is span) for each, words in SPANS.items()],
        sources=SOURCES,
    )


@get("/pricing/choices", permission=EDIT_RULES)
def show_choices(request: Request, uow: UnitOfWork) -> Response:
    names = {setting: setting.name.removeprefix("pricing.") for setting in SETTINGS}
    return page(
        request,
        "pricing/choices.html",
        settings=SETTINGS,
        chosen={name: uow.setting(setting) for setting, name in names.items()},
        choices={name: [(choice, _(words)) for choice, words in setting.choices] for setting, name in names.items()},
    )


@post("/pricing/choices", form=BoardChoicesForm, permission=EDIT_RULES, again=show_choices)
def change_choices(request: Request, uow: UnitOfWork, form: BoardChoicesForm) -> Response:
    choose_for_board(uow, form)
    return redirect("/pricing", say=_("Saved."))


def own_rows(now: Board) -> list[Row]:
    """What the shop quotes, and what its market usually does; what is sold at stands out."""
    rows = {Place.of(rate): _row(now, rate) for rate in now.own}
    for quotation in now.profile.quotations:
        place = Place(quotation.metal, Side.SALE, quotation.unit, quotation.fineness)
        rows.setdefault(place, Row(place, None, False, False))
    order = list(Metal)
    return sorted(rows.values(), key=lambda row: (order.index(row.place.metal), row.place.side == Side.BUY_BACK))


def market_rows(now: Board) -> list[Row]:
    return [_row(now, rate) for rate in now.market]


def _row(now: Board, rate: Rate) -> Row:
    used_for = _used_for(now, rate)
    return Row(Place.of(rate), rate, now.is_stale(rate), bool(used_for), used_for)


def _used_for(now: Board, rate: Rate) -> str:
    """Which pieces are priced by it, where several rates stand on the board: its own fineness, all others, or none."""
    beside = [one for one in now.rates if one.metal is rate.metal and one.side is rate.side]
    finenesses = {one.fineness for one in beside}
    priced = {fineness for fineness in finenesses if choose_rate(beside, rate.metal, fineness, rate.side) is rate}
    if rate not in beside:
        return ""
    if len(finenesses) == 1:
        return _("In use") if priced else ""
    # A fineness that nobody quotes is priced by the newest.
    if choose_rate(beside, rate.metal, UNQUOTED, rate.side) is rate:
        return _("For every other fineness")
    return _("For {fineness}").format(fineness=rate.fineness) if priced else ""


def quoted(place: Place) -> str:
    """`Gold, gram at 750`, and what for where it is not for sale."""
    title = _("{metal}, {unit} at {fineness}").format(
        metal=_(METALS[place.metal]), unit=_(UNITS[place.unit]), fineness=place.fineness
    )
    return title if place.side is Side.SALE else f"{title} · {_(SIDES[place.side])}"


def place_query(place: Place) -> str:
    return urlencode(
        {"metal": place.metal, "side": place.side, "unit": place.unit, "fineness": place.fineness.as_permille}
    )


def place_choices() -> Mapping[str, Any]:
    """What can be chosen of a place, in words."""
    return {
        "metals": [(metal.value, _(title)) for metal, title in METALS.items()],
        "units": [(unit.value, _(title)) for unit, title in UNITS.items() if unit is not WeightUnit.CARAT],
        "sides": [(side.value, _(title)) for side, title in SIDES.items()],
    }


def _asked(request: Request) -> Place | None:
    """The place in the address; an address that names none, or one that cannot be, asks for none."""
    try:
        return validate(PlaceForm, dict(request.query_params)).place
    except BadInput:
        return None


def _usual(now: Board) -> Place:
    quotation = now.profile.quotations[0]
    return Place(quotation.metal, Side.SALE, quotation.unit, quotation.fineness)


def _span(request: Request) -> Span:
    asked = request.query_params.get("span", "")
    return Span(asked) if asked in set(Span) else Span.MONTH


def _metal(request: Request) -> Metal:
    asked = request.query_params.get("metal", "")
    return Metal(asked) if asked in set(Metal) else Metal.GOLD
