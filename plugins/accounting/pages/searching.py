"""Journals, in the search of every page."""

from __future__ import annotations

from kernel.contributions import Found, Search
from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.accounting.domain.journal import Document
from plugins.accounting.pages.shown import document_title
from plugins.accounting.permissions import SEE_BOOKS
from plugins.accounting.queries.journals import Wanted, newest
from web.formats import Formats
from web.view import shown_now


def find_journals(uow: UnitOfWork, text: str, limit: int) -> list[Found]:
    """By their number, or by the number of the document they were posted for."""
    if not any(mark.isdecimal() for mark in text):
        return []
    show = shown_now().formats
    return [
        Found(
            show.digits(_("Journal {number}").format(number=row.number)),
            (_document(row.document, show), show.date(row.day)),
            f"/books/journals/{row.id}",
            "book-open",
        )
        for row in newest(uow, Wanted(number=text), unit=uow.shop.currency, limit=limit)
    ]


def _document(document: Document, show: Formats) -> str:
    title = document_title(document)
    # A SKU stays as it is written on the tag.
    return show.digits(title) if document.reference.isdecimal() else title


JOURNALS = Search("accounting.journals", N_("Journals"), SEE_BOOKS, find_journals, order=400)
