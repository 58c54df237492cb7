"""A price for a piece that lies on the counter, said and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _, ngettext
from kernel.uow import UnitOfWork
from plugins.pricing.actions.quote import quote as say_price
from plugins.pricing.domain.explain import explain, explain_rules
from plugins.pricing.domain.titles import METALS, SOURCES, SUPPLIES, TIERS, UNITS
from plugins.pricing.forms.quote import QuoteForm
from plugins.pricing.pages.board import place_choices
from plugins.pricing.permissions import SEE_RATES
from plugins.pricing.queries.quotes import QuoteRow, newest
from plugins.pricing.queries.quotes import quote as kept_quote
from web.formats import Formats
from web.listing import MOST_EXPORTED, Listing
from web.period import PERIOD, Period
from web.render import formats, page
from web.routing import get, post, redirect
from web.spreadsheet import spreadsheet


@dataclass(frozen=True, slots=True)
class Row:
    """A quote of the list, written out."""

    id: UUID
    at: str
    piece: str
    by: str
    until: str
    due: str
    holds: bool


@get("/pricing/quotes", permission=SEE_RATES)
def list_quotes(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    period = Period.of(listing.filters)
    found = newest(uow, *period.moments(uow.shop.zone), limit=listing.limit + 1, offset=listing.offset)
    return page(
        request,
        "pricing/quotes.html",
        block="list",
        listing=listing.seen(len(found)),
        period=period,
        rows=[_row(formats(request), one, uow.now) for one in found[: listing.limit]],
        currency=uow.shop.currency,
    )


@get("/pricing/quotes/export", permission=SEE_RATES)
def export_quotes(request: Request, uow: UnitOfWork) -> Response:
    period = Period.of(_listing(request, uow).filters)
    found = newest(uow, *period.moments(uow.shop.zone), limit=MOST_EXPORTED)
    headings = (_("When"), _("Piece"), _("Person"), _("Holds until"), _("To pay"), _("Currency"))
    show = formats(request).plain
    rows = ((_row(show, one, uow.now), one.due.currency) for one in found)
    cells = ((row.at, row.piece, row.by, row.until, row.due, unit) for row, unit in rows)
    return spreadsheet("quotes", headings, cells)


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("-at",), filters=PERIOD)


def _row(show: Formats, one: QuoteRow, now: datetime) -> Row:
    return Row(
        one.id,
        show.datetime(one.made_at),
        _piece(show, one),
        one.made_by,
        show.datetime(one.valid_until),
        show.amount(one.due),
        now <= one.valid_until,
    )


def _piece(show: Formats, one: QuoteRow) -> str:
    """`Gold 750, 4.210 g and 2 more`."""
    words = [
        _(METALS[one.metal]) if one.metal else "",
        show.fineness(one.fineness) if one.fineness else "",
        show.weight(one.weight) if one.weight else "",
    ]
    more = ngettext("and {count} more", "and {count} more", one.others).format(count=one.others) if one.others else ""
    return " ".join(filter(None, (*words, more)))


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
    if form.discount is not None and not form.discount.model_fields_set:  # Left empty.
        form = form.model_copy(update={"discount": None})
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
