from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendars
from kernel.calendars import Calendar, day_of, parts

GREGORIAN, JALALI = Calendar
DAYS = st.dates(min_value=calendars.FIRST_DAY, max_value=date(9998, 12, 31))


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        (date(2025, 3, 20), (1403, 12, 30)),  # a leap year ends
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2026, 11, 20), (1405, 8, 29)),
    ],
)
def test_days_agree_with_the_official_calendar(gregorian, jalali):
    assert parts(gregorian, JALALI) == jalali
    year, month, day = jalali
    assert day_of(year, month, day, JALALI) == gregorian


@given(DAYS)
def test_a_day_survives_there_and_back(day):
    for calendar in Calendar:
        assert day_of(*parts(day, calendar), calendar) == day


@given(DAYS, st.integers(0, 60))
def test_months_hold_together(day, months):
    for calendar in Calendar:
        first, following = calendars.first_of_month(day, calendar), calendars.first_of_next_month(day, calendar)
        assert first <= day < following
        assert 28 <= (following - first).days <= 31
        assert calendars.first_of_year(day, calendar) <= first
        if day.year < 9990:
            year, month, day_of_month = parts(day, calendar)
            later = parts(calendars.months_later(day, months, calendar), calendar)
            assert later[0] * 12 + later[1] == year * 12 + month + months
            assert later[2] <= day_of_month


def test_an_instalment_of_the_31st_falls_on_the_last_day_of_a_shorter_month():
    assert calendars.months_later(day_of(1403, 6, 31, JALALI), 1, JALALI) == day_of(1403, 7, 30, JALALI)
    assert calendars.months_later(date(2025, 1, 31), 1, GREGORIAN) == date(2025, 2, 28)
    assert calendars.months_later(date(2025, 3, 31), -1, GREGORIAN) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("calendar", "market", "begins"),
    [
        (JALALI, "IR", date(2025, 3, 15)),  # Saturday
        (GREGORIAN, "US", date(2025, 3, 16)),  # Sunday
        (GREGORIAN, "GB", date(2025, 3, 17)),  # Monday
    ],
)
def test_weeks_begin_as_the_market_begins_them(calendar, market, begins):
    friday = date(2025, 3, 21)
    assert calendars.first_of_week(friday, calendars.first_weekday(calendar, market)) == begins


@pytest.mark.parametrize(
    ("typed", "calendar", "meant"),
    [
        ("2025-03-20", GREGORIAN, date(2025, 3, 20)),
        ("2025/3/20", GREGORIAN, date(2025, 3, 20)),
        ("1403/12/30", JALALI, date(2025, 3, 20)),
        ("۱۴۰۳/۱۲/۳۰", JALALI, date(2025, 3, 20)),
        ("2025-03-20", JALALI, date(2025, 3, 20)),
    ],
)
def test_a_date_is_read_in_the_calendar_of_the_shop(typed, calendar, meant):
    assert calendars.read_date(typed, calendar) == meant


@pytest.mark.parametrize(
    ("typed", "calendar"),
    [(typed, JALALI) for typed in ("1404/12/30", "1403/13/01", "0000/01/01", "1403/07/31")]
    + [(typed, GREGORIAN) for typed in ("1403/12/30", "2025-02-29", "20-03-2025", "", "2025-03/20", "9999-99-99")],
)
def test_a_day_that_does_not_exist_is_refused(typed, calendar):
    with pytest.raises(ValueError, match=r"\w"):
        calendars.read_date(typed, calendar)


@given(st.text(max_size=12), st.sampled_from(Calendar))
def test_any_text_is_a_date_or_a_value_error(typed, calendar):
    with suppress(ValueError):
        calendars.read_date(typed, calendar)


@given(st.dates(min_value=date(1700, 1, 1), max_value=date(2300, 1, 1)), st.sampled_from(Calendar))
def test_a_date_that_is_shown_can_be_typed_back(day, calendar):
    for language in ("en", "fa"):
        assert calendars.read_date(calendars.date_text(day, calendar, language), calendar) == day


def test_a_moment_is_shown_in_the_shops_zone_and_calendar():
    late = datetime(2025, 3, 20, 20, 45, tzinfo=UTC)
    assert calendars.datetime_text(late, ZoneInfo("Asia/Tehran"), JALALI, "fa") == "۱ Farvardin ۱۴۰۴, ۰۰:۱۵"
    assert calendars.datetime_text(late, ZoneInfo("Europe/London"), GREGORIAN, "en") == "20 Mar 2025, 20:45"
    assert calendars.long_date(late.date(), JALALI, "en") == "30 Esfand 1403"


def test_the_calendar_of_the_shop_holds_inside_its_block_only():
    assert calendars.calendar() is GREGORIAN
    with calendars.counting_in(JALALI):
        assert calendars.calendar() is JALALI
    assert calendars.calendar() is GREGORIAN
