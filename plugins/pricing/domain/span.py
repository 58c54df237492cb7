"""How far back a history looks, and at which moments: the end of each hour, quarter of a day, day or week."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice
from typing import Final
from zoneinfo import ZoneInfo


class Span(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def moments(self, now: datetime, zone: ZoneInfo) -> list[datetime]:
        """The moments of the chart, the last of them now. Steps are the shop's own hours and days."""
        step, points = _STEPS[self]
        here = now.astimezone(zone)
        # Midnight tonight, and from there in whole steps; on the wall clock, so that a day stays a day in spring, too.
        end = datetime.combine(here.date() + timedelta(days=1), time())
        steps = ((end - place * step).replace(tzinfo=zone).astimezone(UTC) for place in count())
        past = islice((moment for moment in steps if moment < now), points - 1)
        return [*reversed(list(past)), now]


_STEPS: Final = {
    Span.DAY: (timedelta(hours=1), 25),
    Span.WEEK: (timedelta(hours=6), 29),
    Span.MONTH: (timedelta(days=1), 31),
    Span.YEAR: (timedelta(days=7), 53),
}
