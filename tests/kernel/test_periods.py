from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendars import Calendar, day_of, first_weekday
from kernel.periods import Span, days_of
from plugins.pricing.public import market

GREGORIAN, JALALI = Calendar


def jalali(written):
    year, month, day = written
    return day_of(year, month, day, JALALI)


def in_iran(span, today):
    first, last = days_of(Span(span), jalali(today), JALALI, 5)
    return first, last


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ("today", (1405, 8, 30), (1405, 8, 30)),
        ("yesterday", (1405, 8, 29), (1405, 8, 29)),
        ("this_week", (1405, 8, 30), (1405, 9, 6)),  # a Saturday begins it
        ("last_week", (1405, 8, 23), (1405, 8, 29)),
        ("this_month", (1405, 8, 1), (1405, 8, 30)),
        ("last_month", (1405, 7, 1), (1405, 7, 30)),
        ("this_quarter", (1405, 7, 1), (1405, 9, 30)),  # autumn
        ("this_year", (1405, 1, 1), (1405, 12, 29)),
        ("last_year", (1404, 1, 1), (1404, 12, 29)),
    ],
)
def test_spans_are_cut_as_iran_counts(span, first, last):
    assert in_iran(span, (1405, 8, 30)) == (jalali(first), jalali(last))


def test_spans_are_cut_as_england_counts():
    today = date(2024, 3, 31)  # a Sunday
    found = {span.value: days_of(span, today, GREGORIAN, 0) for span in Span}
    assert found == {
        "today": (today, today),
        "yesterday": (date(2024, 3, 30), date(2024, 3, 30)),
        "this_week": (date(2024, 3, 25), today),
        "last_week": (date(2024, 3, 18), date(2024, 3, 24)),
        "this_month": (date(2024, 3, 1), today),
        "last_month": (date(2024, 2, 1), date(2024, 2, 29)),
        "this_quarter": (date(2024, 1, 1), today),
        "this_year": (date(2024, 1, 1), date(2024, 12, 31)),
        "last_year": (date(2023, 1, 1), date(2023, 12, 31)),
    }


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(Calendar), st.integers(0, 6))
def test_what_is_now_holds_today_and_what_was_last_ends_the_day_before(today, calendar, weekday):
    spans = {span.value: days_of(span, today, calendar, weekday) for span in Span}
    for name in ("week", "month", "year"):
        first, last = spans[f"this_{name}"]
        assert first <= today <= last
        assert spans[f"last_{name}"][1] == first - timedelta(days=1)
    assert spans["this_quarter"][0] <= spans["this_month"][0]


@pytest.mark.parametrize("code", ["AE", "GB", "IN", "IR", "SA", "TR", "US"])
def test_weeks_begin_as_the_market_profiles_say(code):
    profile = market(code)
    assert first_weekday(profile.calendar, code) == profile.first_weekday
