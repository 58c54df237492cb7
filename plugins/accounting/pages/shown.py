"""How the books read: amounts in their unit, documents by their name."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from kernel.i18n import _
from kernel.metal import FineWeight
from kernel.uow import UnitOfWork
from plugins.accounting.domain.journal import DOCUMENTS, REVERSAL, Document
from plugins.accounting.domain.units import METAL_TITLES, is_metal, written
from web.formats import Formats

#: Where a document can be opened: its plugin, and the address of its page.
_PAGES = {
    "sale": ("pos", "/sales/{id}"),
    "void": ("pos", "/sales/{id}"),
    "refund": ("pos", "/refunds/{id}"),
    "receipt": ("inventory", "/inventory?text={reference}"),
    "adjustment": ("inventory", "/inventory?text={reference}"),
    REVERSAL: ("accounting", "/books/journals/{id}"),
}


def figure(show: Formats, amount: int, unit: str) -> str:
    """The figure alone: grams of fine metal, or money in its major unit. Nothing where there is nothing."""
    if amount == 0:
        return ""
    return show.grams(FineWeight(amount)) if is_metal(unit) else show.number(written(amount, unit))


def unit_title(show: Formats, unit: str) -> str:
    return _(METAL_TITLES[unit]) if is_metal(unit) else show.unit(unit)


def document_title(document: Document) -> str:
    title = DOCUMENTS.get(document.kind)
    # Another plugin may post documents that have no name here: then its reference speaks.
    if title is None:
        return document.reference or document.kind
    # A number is read in the reader's digits; a SKU stays as it is written on the tag.
    reference = document.reference
    return _(title).format(reference=int(reference) if reference.isdecimal() else reference)


def document_address(uow: UnitOfWork, document: Document) -> str:
    """The document's own page; empty where it has none, or its plugin is off."""
    plugin, address = _PAGES.get(document.kind, ("", ""))
    # An import came in as many pieces: no page shows just those.
    if plugin not in uow.shop.plugins or "…" in document.reference:
        return ""
    return address.format(id=document.id, reference=quote(document.reference))


def today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(ZoneInfo(uow.shop.zone)).date()
