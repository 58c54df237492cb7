"""The till: sell by scan or search, take payments of every kind, buy old gold, take goods back, print receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Entry, Manifest, Permission, Route, Search, Setting, Widget
from kernel.flags import Flag
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.pos import jobs as work
from plugins.pos import permissions as may
from plugins.pos import tables as t
from plugins.pos.domain.choices import CHOICES
from plugins.pos.domain.trial import SHOWS_KEYS
from plugins.pos.pages import cards, receipts, refunds, sales, till
from plugins.pos.pages.searching import SALES
from plugins.pos.ports import Printer, Seal
from plugins.pos.rest import quotes as quotes_api
from plugins.pos.rest import receipts as receipts_api
from plugins.pos.rest import sales as sales_api
from plugins.shop.public import SETTINGS
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "pos",
        N_("Till"),
        N_("Sell and buy over the counter: scan, price, payment, receipt, refund and exchange."),
        requires=("shop", "branches", "inventory", "pricing"),
    )


@hookimpl
def routes() -> list[Route]:
    return routes_in(till, sales, refunds, receipts, quotes_api, receipts_api, sales_api)


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Till"), "/pos", "shopping-cart", may.SELL, order=20),
        Entry(N_("Sales"), "/sales", "receipt-text", may.SEE_SALES, order=25),
        Entry(
            N_("Receipts"),
            "/settings/receipts",
            "printer",
            SETTINGS,
            order=30,
            place="settings",
            detail=N_("Paper, copies, closing words; and the discount a seller may give."),
        ),
        Entry(N_("New sale"), "/pos", "shopping-cart", may.SELL, order=10, place="quick"),
        Entry(N_("Old gold"), "/pos#old-gold", "recycle", may.SELL, order=40, place="quick"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [may.SELL, may.SEE_SALES, may.DISCOUNT, may.SET_PRICE, may.REFUND, may.VOID]


@hookimpl
def flags() -> list[Flag]:
    return [SHOWS_KEYS]


@hookimpl
def settings() -> list[Setting]:
    return CHOICES


@hookimpl
def tables() -> list[Table]:
    return [
        t.till_requests,
        t.sales,
        t.sale_lines,
        t.sale_payments,
        t.sale_old_gold,
        t.sale_voids,
        t.refunds,
        t.refund_lines,
        t.refund_payments,
        t.sale_hours,
        t.held_carts,
    ]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [work.prove_all_takings, work.sweep_held_carts]


@hookimpl
def schedules() -> list[Schedule]:
    return [
        Schedule("pos.prove_takings", "30 3 * * *", work.prove_all_takings),
        Schedule("pos.sweep_held", "10 4 * * *", work.sweep_held_carts),
    ]


@hookimpl
def ports() -> list[type[Any]]:
    return [Seal, Printer]


@hookimpl
def widgets() -> list[Widget]:
    return cards.ON_TODAY


@hookimpl
def searches() -> list[Search]:
    return [SALES]
