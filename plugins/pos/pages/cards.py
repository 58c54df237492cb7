"""What the till has to say on Today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos import queries

LATEST = 5


def takings_today(uow: UnitOfWork) -> Mapping[str, Any]:
    """Today's figure, and how it compares with the same day a week ago: weekdays differ more than weeks do."""
    today = uow.now.astimezone(ZoneInfo(uow.shop.zone)).date()
    week_ago = today - timedelta(days=7)
    by_day = queries.takings(uow, week_ago, today)
    nothing = Money.zero(uow.shop.currency)
    now, then = by_day.get(today), by_day.get(week_ago)
    return {
        "sales": now.sales if now else 0,
        "net": now.net if now else nothing,
        "week_ago": then.net if then else nothing,
    }


def latest_sales(uow: UnitOfWork) -> Mapping[str, Any]:
    return {"sales": queries.newest(uow, queries.Wanted(), limit=LATEST)}
