"""From when to when: how a list is asked for days, by a name (`this_month`) or by the first and the last of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel import calendars
from kernel.i18n import _
from kernel.periods import SPANS, Span, days_of
from web.view import shown_now

#: What such a list has in its address. A name is kept as a name, so that a saved view of this month stays one.
PERIOD = ("period", "since", "until")

#: What the chooser says when any day may come, and when the days themselves are asked for.
ALL, DAYS = "all", "days"


@dataclass(frozen=True, slots=True)
class Period:
    """The days a list is asked for; None is open. `asked` is a span's name, ALL or DAYS."""

    asked: str = ALL
    first: date | None = None
    last: date | None = None
    #: May the list be asked for any day? Where it may not, it has a span of its own to begin with.
    is_open: bool = True

    @classmethod
    def of(cls, filters: Mapping[str, str], otherwise: Span | None = None) -> Period:
        """As the address says; else the days of `otherwise`; else any. A day that is none is not asked for.

        With an `otherwise` both ends are known: what was left open ends today, or begins with that month.
        """
        name = filters.get("period", "")
        first, last = _day(filters.get("since", "")), _day(filters.get("until", ""))
        if name not in SPANS and (first or last):
            if otherwise is not None:
                last = last or _today()
                first = min(first or calendars.first_of_month(last, shown_now().view.calendar), last)
            return cls(DAYS, first, last, is_open=otherwise is None)
        span = Span(name) if name in SPANS else otherwise
        if span is None:
            return cls()
        view = shown_now().view
        return cls(span.value, *days_of(span, _today(), view.calendar, view.week_begins), is_open=otherwise is None)

    @property
    def span(self) -> tuple[date, date]:
        """Both ends, where the list has a span of its own to begin with."""
        assert self.first is not None and self.last is not None  # noqa: PT018 - of() saw to both
        return self.first, self.last

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, with its words."""
        spans = [(span.value, _(title)) for span, title in SPANS.items()]
        any_day = [(ALL, _("Any day"))] if self.is_open else []
        return [*any_day, *spans, (DAYS, _("From – until"))]

    def moments(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """Where the first day begins in the shop's zone, and where the day after the last does."""
        after = self.last + timedelta(days=1) if self.last and self.last < date.max else None
        return _midnight(self.first, zone), _midnight(after, zone)


def of_one_mind(filters: Mapping[str, str]) -> dict[str, str]:
    """A chooser and two fields may say different things: a named span wins over days, and `any day` over both."""
    asked = filters.get("period", "")
    if asked in SPANS:
        return {**filters, "since": "", "until": ""}
    if asked == ALL:
        return {**filters, "period": "", "since": "", "until": ""}
    return {**filters, "period": ""}


def _today() -> date:
    view = shown_now().view
    return view.now.astimezone(view.zone).date()


def _day(typed: str) -> date | None:
    try:
        return calendars.read_date(typed, shown_now().view.calendar)
    except ValueError:
        return None


def _midnight(day: date | None, zone: str) -> datetime | None:
    try:
        return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC) if day else None
    except OverflowError:
        return None
