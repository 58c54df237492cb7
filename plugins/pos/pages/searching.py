"""Sales, in the search of every page."""

from __future__ import annotations

from kernel.contributions import Found, Search
from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.pos import queries
from plugins.pos.permissions import SEE_SALES
from plugins.pos.queries.sales import SaleRow, Wanted
from web.formats import Formats
from web.view import shown_now

#: No shop has sold so often; what is longer is a phone number.
LONGEST_NUMBER, SHORTEST_PHONE = 9, 6


def find_sales(uow: UnitOfWork, text: str, limit: int) -> list[Found]:
    """By the number on the receipt, or by the customer's phone."""
    show = shown_now().formats
    found: list[SaleRow] = []
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:
        found += queries.newest(uow, Wanted(number=int(text)), limit=limit)
    if text.removeprefix("+").isdecimal() and len(text) >= SHORTEST_PHONE:
        found += queries.newest(uow, Wanted(phone=text), limit=limit)
    return [
        Found(show.digits(_("Sale {number}").format(number=sale.number)), _told(sale, show), f"/sales/{sale.id}", SIGN)
        for sale in found[:limit]
    ]


def _told(sale: SaleRow, show: Formats) -> tuple[str, ...]:
    return show.money(sale.due), show.datetime(sale.at), sale.customer, _("Voided") if sale.is_void else ""


SIGN = "receipt-text"
SALES = Search("pos.sales", N_("Sales"), SEE_SALES, find_sales, order=200)
