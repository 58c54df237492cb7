"""What was quoted at each of some moments: the newest rate of then, found by one look into the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from kernel.metal import Metal
from kernel.uow import UnitOfWork
from plugins.pricing.domain.board import Place
from plugins.pricing.domain.rate import choose_rate
from plugins.pricing.domain.span import Span
from plugins.pricing.domain.terms import Side
from plugins.pricing.queries.board import board, day_of

_OWN_AT = """
    SELECT each.moment, newest.value FROM unnest(%(moments)s::timestamptz[]) AS each (moment)
    CROSS JOIN LATERAL (
        SELECT r.value FROM shop.rates AS r
        WHERE (r.metal, r.side, r.unit, r.fineness) = (%(metal)s, %(side)s, %(unit)s, %(fineness)s)
            AND r.at <= each.moment
        ORDER BY r.at DESC, r.id DESC LIMIT 1
    ) AS newest
"""
_MARKET_AT = "SELECT moment, value FROM app.market_rates_at(%(market)s, %(metal)s, %(moments)s::timestamptz[])"

Values = Mapping[datetime, Decimal]


def own_at(uow: UnitOfWork, place: Place, moments: Sequence[datetime]) -> Values:
    """What the shop sold or bought at then; moments before its first rate are left out."""
    asked = {
        "metal": place.metal.value,
        "side": place.side.value,
        "unit": place.unit.value,
        "fineness": place.fineness.tenths,
        "moments": list(moments),
    }
    return {row.moment: row.value for row in uow.ask(_OWN_AT, asked)}


def market_at(uow: UnitOfWork, metal: Metal, moments: Sequence[datetime]) -> Values:
    """What the shop's market was quoted at then, without the shop's premium."""
    asked = {"market": uow.shop.market, "metal": metal.value, "moments": list(moments)}
    return {row.moment: row.value for row in uow.ask(_MARKET_AT, asked)}


def trend(uow: UnitOfWork) -> list[Decimal]:
    """Gold in 30 days, as the shop sells at it; kept with the shop, because every look at Today shows it."""
    return uow.keep(f"pricing.trend.{day_of(uow, uow.now)}", partial(_read_trend, uow))


def _read_trend(uow: UnitOfWork) -> list[Decimal]:
    now = board(uow)
    sold_at = [rate for rate in now.rates if rate.metal is Metal.GOLD and rate.side is Side.SALE]
    if not sold_at:
        return []
    used = choose_rate(sold_at, Metal.GOLD, now.profile.quotations[0].fineness)
    moments = Span.MONTH.moments(uow.now, ZoneInfo(uow.shop.zone))
    values = own_at(uow, Place.of(used), moments) if used in now.own else market_at(uow, Metal.GOLD, moments)
    return [values[moment] for moment in moments if moment in values]
