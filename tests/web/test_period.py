from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kernel.calendars import Calendar
from kernel.periods import SPANS, Span
from web.period import ALL, DAYS, Period, of_one_mind
from web.view import View, showing

TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.fixture(autouse=True)
def _in_iran():
    late = datetime(2026, 11, 20, 21, tzinfo=UTC)  # already Saturday, 30 Aban 1405, in Tehran
    with showing(View(calendar=Calendar.JALALI, week_begins=5, zone=TEHRAN, now=late)):
        yield


def test_a_span_is_asked_for_by_name_and_today_is_the_shops():
    assert Period.of({"period": "today"}) == Period("today", date(2026, 11, 21), date(2026, 11, 21))
    assert Period.of({"period": "this_month"}) == Period("this_month", date(2026, 10, 23), date(2026, 11, 21))


def test_days_are_read_as_people_type_them_and_may_be_open():
    assert Period.of({"since": "۱۴۰۵/۸/۱"}) == Period(DAYS, date(2026, 10, 23), None)
    assert Period.of({"since": "1405/08/01", "until": "2026-11-02"}) == Period(
        DAYS, date(2026, 10, 23), date(2026, 11, 2)
    )


@pytest.mark.parametrize("filters", [{}, {"period": "sometime"}, {"since": "soon", "until": "1405/13/01"}])
def test_what_is_no_day_asks_for_any(filters):
    assert Period.of(filters) == Period(ALL)


def test_a_list_that_needs_both_ends_begins_with_its_own_span():
    assert Period.of({}, Span.THIS_YEAR).span == (date(2026, 3, 21), date(2027, 3, 20))
    assert Period.of({"since": "1405/08/10"}, Span.THIS_YEAR).span == (date(2026, 11, 1), date(2026, 11, 21))
    assert Period.of({"until": "1405/07/10"}, Span.THIS_YEAR).span == (date(2026, 9, 23), date(2026, 10, 2))
    assert Period.of({"since": "1405/08/10", "until": "1405/08/01"}, Span.THIS_YEAR).span == (
        date(2026, 10, 23), date(2026, 10, 23),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (("this_week", "1405/01/01", ""), ("this_week", "", "")),
        (("all", "1405/01/01", "1405/01/02"), ("", "", "")),
        (("days", "1405/01/01", ""), ("", "1405/01/01", "")),
        (("", "1405/01/01", ""), ("", "1405/01/01", "")),
        (("nonsense", "", ""), ("", "", "")),
    ],
)
def test_chooser_and_fields_are_brought_to_one_mind(asked, kept):
    names = ("period", "since", "until")
    assert of_one_mind(dict(zip(names, asked, strict=True))) == dict(zip(names, kept, strict=True))


def test_days_begin_at_midnight_in_the_shop():
    first, until = Period.of({"period": "today"}).moments("Asia/Tehran")
    assert (first, until) == (
        datetime(2026, 11, 20, 20, 30, tzinfo=UTC), datetime(2026, 11, 21, 20, 30, tzinfo=UTC),
    )  # fmt: skip
    assert Period().moments("Asia/Tehran") == (None, None)


def test_the_chooser_offers_any_day_only_where_a_list_may_be_asked_for_any():
    everything = [ALL, *SPANS, DAYS]
    assert [value for value, _words in Period.of({}).choices] == everything
    assert [value for value, _words in Period.of({}, Span.TODAY).choices] == everything[1:]
