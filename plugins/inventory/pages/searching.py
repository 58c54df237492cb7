"""Pieces, in the search of every page."""

from __future__ import annotations

from typing import Any

from kernel.contributions import Found, Search
from kernel.i18n import N_, _
from kernel.metal import Fineness, Metal, Weight
from kernel.uow import UnitOfWork
from plugins.inventory.domain.search import State, Wanted
from plugins.inventory.permissions import SEE_STOCK
from plugins.inventory.queries.find import find
from web.formats import Formats
from web.view import shown_now


def find_pieces(uow: UnitOfWork, text: str, limit: int) -> list[Found]:
    """What is in stock; where nothing is, also what was sold or put aside."""
    show = shown_now().formats
    rows = find(uow, Wanted(text), limit=limit).rows or find(uow, Wanted(text, state=State.ALL), limit=limit).rows
    return [Found(row.name, _told(row, show), f"/inventory/{row.id}", "gem") for row in rows]


def _told(row: Any, show: Formats) -> tuple[str, ...]:
    metal = Metal(row.metal) if row.metal else Metal.GOLD
    return (
        row.sku,
        show.karat(Fineness(row.fineness), metal) if row.fineness else "",
        show.weight(Weight(row.net_mg)) if row.net_mg else "",
        "" if row.on_hand and row.active else _("Not in stock"),
    )


PIECES = Search("inventory.pieces", N_("Pieces"), SEE_STOCK, find_pieces, order=100)
