"""What other plugins may know of the shop: its head for their documents, and how documents are made."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.contributions import Entry
from kernel.digits import shown
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.shop import queries
from plugins.shop.domain.choices import (
    ADDRESSES,
    EMAIL,
    HEADINGS,
    HOURS,
    NAMES,
    PHONES,
    TAX_NUMBER,
    WEBSITE,
    Texts,
    text_in,
)
from plugins.shop.domain.logo import Picture
from plugins.shop.domain.paper import Column, Figure, Kind, Letterhead, Row, Sheet, Table
from plugins.shop.forms import LongTexts, ShortTexts
from plugins.shop.permissions import SETTINGS
from plugins.shop.ports import SheetPrinter

__all__ = [
    "SETTINGS", "TAX_NUMBER", "Column", "Figure", "Kind", "Letterhead", "LongTexts", "Picture", "Row", "Sheet",
    "SheetPrinter", "ShortTexts", "Table", "Texts", "isolated", "letterhead", "sections", "text_in",
]  # fmt: skip


def letterhead(uow: UnitOfWork, language: str, *, address: str = "", phone: str = "", logo: bool = True) -> Letterhead:
    """The head of a document in this language, which is the one that is spoken now.

    A branch gives its own `address` and `phone`, where it has them. A page that shows no `logo` does without it.
    """

    def said(texts: Texts) -> str:
        return text_in(texts, language, uow.shop.language)

    rows = (address or said(uow.setting(ADDRESSES))).splitlines()
    numbers = [phone] if phone else uow.setting(PHONES).splitlines()
    if numbers:
        listed = " · ".join(isolated(shown(number, language)) for number in numbers)
        rows.append(_("Phone {number}").format(number=listed))
    if online := [isolated(each) for each in (uow.setting(EMAIL), uow.setting(WEBSITE)) if each]:
        rows.append(" · ".join(online))
    if number := uow.setting(TAX_NUMBER):
        rows.append(_("Tax number {number}").format(number=isolated(shown(number, language))))
    return Letterhead(
        name=uow.setting(NAMES).get(language) or uow.shop.name,
        heading=tuple(said(uow.setting(HEADINGS)).splitlines()),
        rows=tuple(rows),
        hours=tuple(said(uow.setting(HOURS)).splitlines()),
        logo=queries.newest_logo(uow) if logo else None,
    )


def isolated(text: str) -> str:
    """What is read from left to right in a text of either direction: a phone number, a code."""
    return f"\u2066{text}\u2069"


def sections(uow: UnitOfWork) -> Sequence[Entry]:
    """What the shop's plugins let this person set, in the order in which it is shown."""
    entries = (given.value for given in uow.plugins.given("navigation") if given.plugin in uow.shop.plugins)
    here = (entry for entry in entries if entry.place == "settings")
    seen = (entry for entry in here if entry.permission is None or uow.actor.may(entry.permission.name))
    return sorted(seen, key=lambda entry: entry.order)
