"""Accounting: the shop's books, in money and in fine metal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Search, Widget
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from kernel.uow import UnitOfWork
from plugins.accounting import handlers, pages, rest
from plugins.accounting import jobs as later
from plugins.accounting import tables as books
from plugins.accounting.pages.searching import JOURNALS
from plugins.accounting.permissions import EDIT_CHART, POST_BY_HAND, SEE_BOOKS
from plugins.accounting.queries.proofs import last_proof
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "accounting",
        N_("Accounting"),
        N_("Books that keep themselves: every sale and every gram is booked, balanced and proved every night."),
        requires=("shop",),
        listens=("inventory", "pos"),
    )


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Books"), "/books", "book-open", SEE_BOOKS, order=600),
        Entry(N_("Trial balance"), "/books/trial-balance", "scale", SEE_BOOKS, order=600, place="jump"),
        Entry(N_("Chart of accounts"), "/books/accounts", "list", SEE_BOOKS, order=610, place="jump"),
        Entry(N_("New journal"), "/books/journals/new", "plus", POST_BY_HAND, order=620, place="jump"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_BOOKS, POST_BY_HAND, EDIT_CHART]


@hookimpl
def tables() -> list[Table]:
    return [
        books.accounts,
        books.account_roles,
        books.books,
        books.journals,
        books.entries,
        books.account_days,
        books.book_proofs,
        books.book_findings,
    ]


@hookimpl
def subscriptions() -> list[Callable[..., None]]:
    return [
        handlers.open_with_the_shop,
        handlers.catch_up,
        handlers.post_sale,
        handlers.post_refund,
        handlers.post_void,
        handlers.post_receipt,
        handlers.post_adjustment,
    ]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [later.prove_books, later.post_earlier]


@hookimpl
def schedules() -> list[Schedule]:
    return [Schedule("accounting.prove", "40 3 * * *", later.prove_books)]


@hookimpl
def widgets() -> list[Widget]:
    return [Widget("accounting.proof", N_("Books"), "accounting/_widget.html", _proved, SEE_BOOKS, order=600)]


def _proved(uow: UnitOfWork) -> Mapping[str, Any]:
    return {"proof": last_proof(uow)}


@hookimpl
def searches() -> list[Search]:
    return [JOURNALS]
