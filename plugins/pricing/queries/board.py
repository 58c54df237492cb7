"""The board: in one statement the newest rate of every place, the market's newest, and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Uuid, bindparam, text

from kernel.metal import Fineness, Metal, WeightUnit
from kernel.uow import UnitOfWork
from plugins.pricing.domain.board import Board, Place, with_premium
from plugins.pricing.domain.choices import CHOICES, FOLLOW_MARKET, MARKET_PREMIUM, RATE_AGE_H, thaw_choices
from plugins.pricing.domain.market import MarketProfile
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.terms import Side
from plugins.pricing.queries.markets import market
from plugins.pricing.queries.rules import RULE_AS_JSON, rule_from

# Plain data, numbers as text: JSON's own would come back as floats. One index descent finds the newest rate of a place,
# however long its history is.
_OWN = "json_build_array(r.id, r.metal, r.side, r.unit, r.fineness, r.value::text, r.currency, r.source, r.at)"
_MARKETS = "json_build_array(m.id, m.metal, 'sale', m.unit, m.fineness, m.value::text, m.currency, m.source, m.at)"
_BOARD = f"""
    SELECT (
        SELECT json_agg({_OWN}) FROM shop.rate_places AS p CROSS JOIN LATERAL (
            SELECT * FROM shop.rates AS r
            WHERE (r.metal, r.side, r.unit, r.fineness) = (p.metal, p.side, p.unit, p.fineness) AND r.at <= %(until)s
            ORDER BY r.at DESC, r.id DESC LIMIT 1
        ) AS r
    ) AS own, (
        SELECT json_agg({_MARKETS}) FROM app.market_rates(%(market)s, %(until)s, %(most)s) AS m
    ) AS market, (
        SELECT json_agg({RULE_AS_JSON}) FROM shop.pricing_rules AS p
    ) AS rules
"""  # noqa: S608 - put together from constants
_HISTORY = text(f"""
    SELECT {_OWN} FROM shop.rates AS r
    WHERE (r.metal, r.side, r.unit, r.fineness) = (:metal, :side, :unit, :fineness)
        AND (r.at, r.id) < (coalesce(CAST(:at AS timestamptz), 'infinity'), coalesce(CAST(:id AS uuid), r.id))
    ORDER BY r.at DESC, r.id DESC LIMIT :most
""").bindparams(bindparam("at", type_=DateTime(timezone=True)), bindparam("id", type_=Uuid))  # noqa: S608
_MARKET_HISTORY = text(f"""
    SELECT {_MARKETS} FROM app.market_rates(:market, :until, :most) AS m WHERE m.metal = :metal
    ORDER BY m.at DESC, m.id DESC
""")  # noqa: S608


def market_of(uow: UnitOfWork) -> MarketProfile:
    """The shop's market as it trades in it."""

    def read() -> MarketProfile:
        chosen = uow.setting(CHOICES)
        profile = market(uow.shop.market)
        return profile if chosen is None else profile.with_choices(thaw_choices(chosen))

    return uow.keep("pricing.market", read)


def day_of(uow: UnitOfWork, moment: datetime) -> date:
    """The day it is then in the shop."""
    return moment.astimezone(ZoneInfo(uow.shop.zone)).date()


def board(uow: UnitOfWork, at: datetime | None = None) -> Board:
    """The board now, or as it stood at an earlier moment."""
    moment = at or uow.now
    follows = uow.setting(FOLLOW_MARKET) == "yes"
    [row] = uow.ask(_BOARD, {"until": moment, "market": uow.shop.market, "most": int(follows)})
    premium = Decimal(uow.setting(MARKET_PREMIUM))
    return Board(
        market_of(uow),
        moment,
        day_of(uow, moment),
        tuple(_rate(uow, each) for each in row.own or ()),
        tuple(with_premium(_rate(uow, each), premium) for each in row.market or ()),
        tuple(rule_from(uow.shop.currency, each) for each in row.rules or ()),
        timedelta(hours=uow.setting(RATE_AGE_H)),
    )


def history(uow: UnitOfWork, place: Place, most: int, *, before: tuple[datetime, UUID] | None = None) -> list[Rate]:
    """What the shop set for a place, newest first; `before` is where the page before ended."""
    at_place = {
        "metal": place.metal.value,
        "side": place.side.value,
        "unit": place.unit.value,
        "fineness": place.fineness.tenths,
    }
    at, id = before or (None, None)
    asked = {**at_place, "most": most, "at": at, "id": id}
    return [_rate(uow, each) for each in uow.execute(_HISTORY, asked).scalars()]


def market_history(uow: UnitOfWork, metal: Metal, most: int) -> list[Rate]:
    """What the shop's market was quoted at, newest first, without the shop's premium."""
    asked = {"market": uow.shop.market, "until": uow.now, "metal": metal.value, "most": most}
    return [_rate(uow, each) for each in uow.execute(_MARKET_HISTORY, asked).scalars()]


def _rate(uow: UnitOfWork, row: Sequence[Any]) -> Rate:
    id_, metal, side, unit, fineness, value, currency, source, at = row
    return Rate(
        Metal(metal),
        Decimal(value),
        currency,
        WeightUnit(unit),
        Fineness(fineness),
        uow.shop.market,
        datetime.fromisoformat(at).astimezone(UTC),
        source,
        id_,
        Side(side),
    )
