"""What pricing shows on Today: the rates that are sold at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.contributions import Widget
from kernel.i18n import N_
from kernel.uow import UnitOfWork
from plugins.pricing.domain.terms import Side
from plugins.pricing.pages.board import market_rows, own_rows
from plugins.pricing.permissions import SEE_RATES
from plugins.pricing.queries.board import board


def show_rates(uow: UnitOfWork) -> Mapping[str, Any]:
    now = board(uow)
    rows = [row for row in (*own_rows(now), *market_rows(now)) if row.sold_at and row.place.side is Side.SALE]
    return {"rows": rows, "stale": any(row.stale for row in rows)}


TODAYS_RATES = Widget("pricing.rates", N_("Today's rates"), "pricing/_today.html", show_rates, SEE_RATES, order=100)
