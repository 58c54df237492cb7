"""What the till took: read from the totals that every document keeps, and counted from the documents to prove them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kernel.uow import UnitOfWork
from plugins.pos.domain.takings import Takings

_MEASURES = [measure.name for measure in fields(Takings)]
_SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in _MEASURES)
_DAYS = f"""
    SELECT day, {_SUMS} FROM shop.sale_hours
    WHERE day BETWEEN %(first)s AND %(last)s AND currency = %(currency)s GROUP BY day ORDER BY day
"""  # noqa: S608 - the names of a dataclass
_WITH_HOURS = f"""
    SELECT day, NULL::smallint AS hour, {_SUMS} FROM shop.sale_hours
    WHERE day BETWEEN %(first)s AND %(last)s AND currency = %(currency)s GROUP BY day
    UNION ALL
    SELECT day, hour, {_SUMS} FROM shop.sale_hours
    WHERE day = ANY (%(days)s::date[]) AND currency = %(currency)s GROUP BY day, hour
"""  # noqa: S608

# By document: when and where, what it counts as, and whether its goods and its cash come or go.
_DOCUMENTS = """
    SELECT s.at, s.branch_id, s.currency, 1 AS sales, s.total + s.rounding AS sold, 0 AS refunds, 0 AS refunded,
        0 AS voids, 0 AS voided, 1 AS sign, s.id AS sale, NULL::uuid AS refund
    FROM shop.sales AS s WHERE s.at >= %(since)s AND s.at < %(until)s
    UNION ALL
    SELECT r.at, r.branch_id, r.currency, 0, 0, 1, r.due, 0, 0, -1, NULL, r.id
    FROM shop.refunds AS r WHERE r.at >= %(since)s AND r.at < %(until)s
    UNION ALL
    SELECT v.at, s.branch_id, s.currency, 0, 0, 0, 0, 1, s.total + s.rounding, -1, s.id, NULL
    FROM shop.sale_voids AS v JOIN shop.sales AS s ON s.id = v.sale_id WHERE v.at >= %(since)s AND v.at < %(until)s
"""
_COUNTED = f"""
    SELECT (d.at AT TIME ZONE %(zone)s)::date AS day, extract(hour FROM d.at AT TIME ZONE %(zone)s)::smallint AS hour,
        d.branch_id, d.currency, sum(d.sales) AS sales, sum(d.sold) AS sold, sum(d.refunds) AS refunds,
        sum(d.refunded) AS refunded, sum(d.voids) AS voids, sum(d.voided) AS voided,
        sum(d.sign * goods.pieces) AS pieces, sum(d.sign * goods.gold) AS gold, sum(d.sign * goods.revenue) AS revenue,
        sum(d.sign * goods.cost) AS cost, sum(d.sign * money.cash) AS cash
    FROM ({_DOCUMENTS}) AS d
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.quantity), 0) AS pieces, coalesce(sum(l.fine) FILTER (WHERE l.metal = 'gold'), 0) AS gold,
            coalesce(sum(l.cost), 0) AS cost, coalesce(sum(
                (SELECT coalesce(sum(part.value::bigint), 0) FROM jsonb_each_text(l.parts) AS part) - l.discount
            ), 0) AS revenue
        FROM (
            SELECT quantity, metal, fine, cost, parts, discount FROM shop.sale_lines WHERE sale_id = d.sale
            UNION ALL
            SELECT b.quantity, s.metal, b.fine, b.cost, b.parts, b.discount FROM shop.refund_lines AS b
            JOIN shop.sale_lines AS s ON s.sale_id = b.sale_id AND s.line = b.line WHERE b.refund_id = d.refund
        ) AS l
    ) AS goods
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS cash FROM (
            SELECT amount FROM shop.sale_payments WHERE sale_id = d.sale AND method = 'cash'
            UNION ALL
            SELECT amount FROM shop.refund_payments WHERE refund_id = d.refund AND method = 'cash'
        ) AS paid
    ) AS money
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - put together from constants
_DIFFERENT = f"""
    SELECT day, hour, branch_id, currency, {
    ", ".join(
        f"coalesce(counted.{name}, 0)::bigint AS {name}, coalesce(kept.{name}, 0)::bigint AS kept_{name}"
        for name in _MEASURES
    )
}
    FROM ({_COUNTED}) AS counted FULL JOIN (
        SELECT * FROM shop.sale_hours WHERE day BETWEEN %(first)s AND %(last)s
    ) AS kept USING (day, hour, branch_id, currency)
    WHERE ({", ".join(f"coalesce(counted.{name}, 0)" for name in _MEASURES)})
        <> ({", ".join(f"coalesce(kept.{name}, 0)" for name in _MEASURES)})
    ORDER BY day, hour, branch_id
"""  # noqa: S608
_FIRST = "SELECT least((SELECT min(day) FROM shop.sale_hours), (SELECT min(at)::date - 1 FROM shop.sales)) AS day"


def takings(uow: UnitOfWork, first: date, last: date) -> dict[date, Takings]:
    """By day, all branches, in the shop's currency; days without a document are left out."""
    rows = uow.ask(_DAYS, {"first": first, "last": last, "currency": uow.shop.currency})
    return {row.day: Takings(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Past:
    """Takings by day, and of some days by hour as well; days and hours without a document are left out."""

    days: Mapping[date, Takings]
    hours: Mapping[date, Mapping[int, Takings]]


def past(uow: UnitOfWork, first: date, last: date, *, hours_of: Collection[date]) -> Past:
    """All branches, in the shop's currency, in one statement."""
    days: dict[date, Takings] = {}
    hours: dict[date, dict[int, Takings]] = {}
    asked = {"first": first, "last": last, "days": list(hours_of), "currency": uow.shop.currency}
    for row in uow.ask(_WITH_HOURS, asked):
        if row.hour is None:
            days[row.day] = Takings(*row[2:])
        else:
            hours.setdefault(row.day, {})[row.hour] = Takings(*row[2:])
    return Past(days, hours)


def first_day(uow: UnitOfWork) -> date | None:
    """Before it nothing was sold."""
    found: date | None = uow.ask(_FIRST)[0].day
    return found


def wrong_hours(uow: UnitOfWork, first: date, last: date) -> list[Any]:
    """Hours whose takings are not what the documents of these days sum to, with what they do sum to."""
    zone = ZoneInfo(uow.shop.zone)
    bounds = {
        "first": first,
        "last": last,
        "since": datetime.combine(first, time.min, zone),
        "until": datetime.combine(last + timedelta(days=1), time.min, zone),
        "zone": uow.shop.zone,
    }
    return uow.ask(_DIFFERENT, bounds)
