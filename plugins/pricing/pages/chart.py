"""A history of rates as a chart: the rate at the end of each hour, day or week, under what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from kernel.calendars import weekday_name
from kernel.i18n import N_, _
from plugins.pricing.domain.span import Span
from plugins.pricing.queries.history import Values
from web.charts import Chart, Series
from web.formats import Formats

SPANS = {Span.DAY: N_("Day"), Span.WEEK: N_("Week"), Span.MONTH: N_("Month"), Span.YEAR: N_("Year")}


@dataclass(frozen=True, slots=True)
class History:
    """`finding` says which way it went; `extremes` how far. None where there are fewer than two rates."""

    finding: str
    extremes: str
    chart: Chart

    @classmethod
    def of(cls, show: Formats, span: Span, moments: Sequence[datetime], values: Values, unit: str) -> Self | None:
        if len(values) < 2:
            return None
        first, last = min(values), max(values)
        lowest, highest = min(values.values()), max(values.values())
        shown = [show.number(values[at]) if at in values else "" for at in moments]
        series = Series(_("Rate"), tuple(values.get(at) for at in moments), tuple(shown))
        return cls(
            _finding(show, values[first], values[last], first),
            _("Lowest {lowest}, highest {highest}.").format(lowest=show.number(lowest), highest=show.number(highest)),
            Chart("line", tuple(_label(show, span, at) for at in moments), (series,), unit),
        )


def _finding(show: Formats, first: Decimal, last: Decimal, since: datetime) -> str:
    change = ((last - first) * 100 / first).quantize(Decimal("0.1"))
    words = {"change": show.percent(abs(change)), "day": show.day_and_month(since.astimezone(show.zone).date())}
    if change > 0:
        return _("Up {change} since {day}").format(**words)
    if change < 0:
        return _("Down {change} since {day}").format(**words)
    return _("Unchanged since {day}").format(**words)


def _label(show: Formats, span: Span, moment: datetime) -> str:
    # A day that is over ends at midnight, which already is the next one.
    day = (moment - timedelta(microseconds=1)).astimezone(show.zone).date()
    match span:
        case Span.DAY:
            return show.time(moment)
        case Span.WEEK:
            return f"{weekday_name(moment.astimezone(show.zone).date())} {show.time(moment)}"
    return show.day_and_month(day)
