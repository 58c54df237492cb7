"""Spans of days as people ask for them: today, this week, last month. The shop's calendar says where they begin."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from kernel import calendars
from kernel.calendars import Calendar
from kernel.i18n import N_

DAY = timedelta(days=1)


class Span(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


SPANS: dict[Span, str] = {
    Span.TODAY: N_("Today"),
    Span.YESTERDAY: N_("Yesterday"),
    Span.THIS_WEEK: N_("This week"),
    Span.LAST_WEEK: N_("Last week"),
    Span.THIS_MONTH: N_("This month"),
    Span.LAST_MONTH: N_("Last month"),
    Span.THIS_QUARTER: N_("This quarter"),
    Span.THIS_YEAR: N_("This year"),
    Span.LAST_YEAR: N_("Last year"),
}


def days_of(span: Span, today: date, calendar: Calendar, weekday: int) -> tuple[date, date]:
    """The first and the last day. Weeks begin on `weekday`, months, quarters and years as `calendar` cuts them.

    A year is the shop's fiscal year: both calendars' traders close their books with it.
    """
    match span:
        case Span.TODAY:
            return today, today
        case Span.YESTERDAY:
            return today - DAY, today - DAY
        case Span.THIS_WEEK:
            first = calendars.first_of_week(today, weekday)
            return first, first + 6 * DAY
        case Span.LAST_WEEK:
            return days_of(Span.THIS_WEEK, today - 7 * DAY, calendar, weekday)
        case Span.THIS_MONTH:
            first = calendars.first_of_month(today, calendar)
            return first, calendars.first_of_next_month(first, calendar) - DAY
        case Span.LAST_MONTH:
            return days_of(Span.THIS_MONTH, calendars.first_of_month(today, calendar) - DAY, calendar, weekday)
        case Span.THIS_QUARTER:
            first = calendars.first_of_quarter(today, calendar)
            return first, calendars.months_later(first, 3, calendar) - DAY
        case Span.THIS_YEAR:
            first = calendars.first_of_year(today, calendar)
            return first, calendars.months_later(first, 12, calendar) - DAY
        case Span.LAST_YEAR:
            return days_of(Span.THIS_YEAR, calendars.first_of_year(today, calendar) - DAY, calendar, weekday)
