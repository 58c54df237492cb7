"""Days as the shop counts them: Gregorian or Jalali, in its zone, in the person's language.

Everything is stored as Gregorian dates and UTC moments; only reading, writing and cutting into months and years
happens here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from persiantools.jdatetime import JalaliDate

from kernel.digits import latin, shown
from kernel.i18n import N_, _


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    JALALI = "jalali"


_MONTHS = {
    Calendar.GREGORIAN: (
        N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
        N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
    ),
    Calendar.JALALI: (
        N_("Farvardin"), N_("Ordibehesht"), N_("Khordad"), N_("Tir"), N_("Mordad"), N_("Shahrivar"),
        N_("Mehr"), N_("Aban"), N_("Azar"), N_("Dey"), N_("Bahman"), N_("Esfand"),
    ),
}  # fmt: skip
#: Where columns stand close; Jalali months have no shorter names.
_MONTHS_SHORT = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip
_WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
_WEEKDAYS_SHORT = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))

#: 1 Farvardin 1 and the last day `datetime` knows: what can be written in both calendars.
FIRST_DAY, LAST_DAY = date(622, 3, 22), date(9999, 12, 31)

_counting: ContextVar[Calendar] = ContextVar("calendar", default=Calendar.GREGORIAN)


def calendar() -> Calendar:
    """The calendar dates are typed and shown in now."""
    return _counting.get()


@contextmanager
def counting_in(wanted: Calendar) -> Iterator[None]:
    """Inside the block days are read and shown in `wanted`: the calendar of the shop at hand."""
    token = _counting.set(wanted)
    try:
        yield
    finally:
        _counting.reset(token)


def parts(day: date, calendar: Calendar) -> tuple[int, int, int]:
    """Year, month and day of the month as `calendar` counts them."""
    if calendar is Calendar.GREGORIAN:
        return day.year, day.month, day.day
    jalali = JalaliDate.to_jalali(day.year, day.month, day.day)  # type: ignore[no-untyped-call]
    return jalali.year, jalali.month, jalali.day


def day_of(year: int, month: int, day: int, calendar: Calendar) -> date:
    """The day that `calendar` writes so. Raises ValueError where it has none, e.g. 30 Esfand of a common year."""
    if calendar is Calendar.GREGORIAN:
        return date(year, month, day)
    if not 1 <= year <= 9377:
        raise ValueError("no such year")
    gregorian: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return gregorian


def first_of_month(day: date, calendar: Calendar) -> date:
    year, month, _day = parts(day, calendar)
    return day_of(year, month, 1, calendar)


def first_of_next_month(day: date, calendar: Calendar) -> date:
    year, month, _day = parts(day, calendar)
    return day_of(year + month // 12, month % 12 + 1, 1, calendar)


def first_of_quarter(day: date, calendar: Calendar) -> date:
    """Of three months: in Jalali the first day of the season."""
    year, month, _day = parts(day, calendar)
    return day_of(year, month - (month - 1) % 3, 1, calendar)


def first_of_year(day: date, calendar: Calendar) -> date:
    return day_of(parts(day, calendar)[0], 1, 1, calendar)


def months_later(day: date, months: int, calendar: Calendar) -> date:
    """The same day of the month so many months on; the month's last day where it is shorter."""
    year, month, day_of_month = parts(day, calendar)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    first = day_of(year, month, 1, calendar)
    last = first_of_next_month(first, calendar) - timedelta(days=1)
    return min(first + timedelta(days=day_of_month - 1), last)


#: Where people who count in Gregorian begin the week on Sunday; the other markets begin it on Monday.
_SUNDAY_FIRST = frozenset({"SA", "US"})


def first_weekday(calendar: Calendar, market: str = "") -> int:
    """The day a week begins with, counted as Python does: Saturday (5) where days are counted in Jalali."""
    if calendar is Calendar.JALALI:
        return 5
    return 6 if market in _SUNDAY_FIRST else 0


def first_of_week(day: date, weekday: int) -> date:
    """The last day before, or that day itself, on which a week begins."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def month_name(month: int, calendar: Calendar) -> str:
    return _(_MONTHS[calendar][month - 1])


def weekday_name(day: date) -> str:
    return _(_WEEKDAYS[day.weekday()])


def weekday_names() -> tuple[list[str], list[str]]:
    """All seven from Monday on, in full and as the head of a calendar's column."""
    return [_(name) for name in _WEEKDAYS], [_(name) for name in _WEEKDAYS_SHORT]


_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
# No shop keeps dates before 1700, and none will live to see Jalali 1700.
_JALALI_UNTIL = 1700


def read_date(typed: str, calendar: Calendar) -> date:
    """The day that was typed as year, month, day. Raises ValueError.

    Where days are counted in Jalali, a year from 1700 on is Gregorian all the same: that is how a browser's own
    date field and programs write it, and nobody means 300 years ahead. A Gregorian shop takes no Jalali year.
    """
    match = _DATE.fullmatch(latin(typed.strip()))
    if match is None:
        raise ValueError("not a date")
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if year >= _JALALI_UNTIL:
        return day_of(year, month, day, Calendar.GREGORIAN)
    if calendar is not Calendar.JALALI:
        raise ValueError("not a year of this calendar")
    return day_of(year, month, day, Calendar.JALALI)


def date_text(day: date, calendar: Calendar, language: str) -> str:
    """In figures, as it is typed and as a spreadsheet takes it: `2025-03-20`, `1403/12/30`, `۱۴۰۳/۱۲/۳۰`."""
    if not FIRST_DAY <= day <= LAST_DAY:
        calendar = Calendar.GREGORIAN
    year, month, day_of_month = parts(day, calendar)
    if calendar is Calendar.GREGORIAN:
        return shown(f"{year:04}-{month:02}-{day_of_month:02}", language)
    return shown(f"{year:04}/{month:02}/{day_of_month:02}", language)


def long_date(day: date, calendar: Calendar, language: str) -> str:
    """In words: `20 March 2025`, `۳۰ اسفند ۱۴۰۳`."""
    return _in_words(day, calendar, language, _MONTHS[calendar])


def short_date(day: date, calendar: Calendar, language: str) -> str:
    """The same where many stand below each other: `20 Mar 2025`, `۳۰ اسفند ۱۴۰۳`."""
    return _in_words(day, calendar, language, _MONTHS_SHORT if calendar is Calendar.GREGORIAN else _MONTHS[calendar])


def _in_words(day: date, calendar: Calendar, language: str, months: tuple[str, ...]) -> str:
    year, month, day_of_month = parts(day, calendar)
    words = _("{day} {month} {year}").format(day=day_of_month, month=_(months[month - 1]), year=year)
    return shown(words, language)


def day_and_month(day: date, calendar: Calendar, language: str) -> str:
    """Where the year is known, as at the axis of a chart: `20 March`, `۳۰ اسفند`."""
    _year, month, day_of_month = parts(day, calendar)
    return shown(_("{day} {month}").format(day=day_of_month, month=month_name(month, calendar)), language)


def time_text(moment: datetime, zone: tzinfo, language: str) -> str:
    return shown(moment.astimezone(zone).strftime("%H:%M"), language)


def datetime_text(moment: datetime, zone: tzinfo, calendar: Calendar, language: str) -> str:
    """A moment in the shop's zone: `20 Mar 2025, 14:02`."""
    there = moment.astimezone(zone)
    return short_date(there.date(), calendar, language) + _(", ") + time_text(there, zone, language)
