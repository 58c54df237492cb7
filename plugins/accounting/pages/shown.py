"""How the books read: amounts in their unit, documents by their name, days as they were asked for."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.routing import NoMatchFound

from kernel import calendars
from kernel.calendars import Calendar
from kernel.i18n import N_, _
from kernel.metal import FineWeight
from kernel.uow import UnitOfWork
from plugins.accounting.domain.journal import DOCUMENTS, Document
from plugins.accounting.domain.units import METAL_TITLES, is_metal, written
from web.formats import Formats
from web.listing import Listing

#: Where a document can be opened: the plugin it belongs to, the name of its page, what the address calls its id.
_PAGES = {
    "sale": ("pos", "pos.show_sale", "sale"),
    "void": ("pos", "pos.show_sale", "sale"),
    "refund": ("pos", "pos.show_refund", "refund"),
}

TABS = (
    (N_("Journals"), "/books"),
    (N_("Accounts"), "/books/accounts"),
    (N_("Trial balance"), "/books/trial-balance"),
    (N_("Proof"), "/books/proof"),
)


def figure(show: Formats, amount: int, unit: str) -> str:
    """The figure alone: grams of fine metal, or money in its major unit. Nothing where there is nothing."""
    if amount == 0:
        return ""
    return show.grams(FineWeight(amount)) if is_metal(unit) else show.number(written(amount, unit))


def unit_title(show: Formats, unit: str) -> str:
    return _(METAL_TITLES[unit]) if is_metal(unit) else show.unit(unit)


def document_title(show: Formats, document: Document) -> str:
    title = DOCUMENTS.get(document.kind)
    # Another plugin may post documents that have no name here: then its reference speaks.
    return show.digits(_(title).format(reference=document.reference) if title else document.reference or document.kind)


def document_address(request: Request, uow: UnitOfWork, document: Document) -> str:
    """The document's own page; empty where it has none, or its plugin is off."""
    plugin, page, parameter = _PAGES.get(document.kind, ("", "", ""))
    if plugin not in uow.shop.plugins:
        return ""
    try:
        return str(request.app.url_path_for(page, **{parameter: document.id}))
    except NoMatchFound:
        return ""


def today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(ZoneInfo(uow.shop.zone)).date()


def day_in(listing: Listing, name: str) -> date | None:
    """A day of the address; what is no day is not asked for."""
    try:
        return calendars.read_date(listing.filter(name), calendars.calendar())
    except ValueError:
        return None


def days_in(listing: Listing, uow: UnitOfWork) -> tuple[date, date]:
    """The range of the address; without one, this month until today."""
    until = day_in(listing, "until") or today(uow)
    since = day_in(listing, "since") or calendars.first_of_month(until, Calendar(uow.shop.calendar))
    return min(since, until), until
