from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kernel.calendars import Calendar
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from web.formats import NBSP, Formats, direction

NOW = datetime(2025, 3, 20, 20, 45, tzinfo=UTC)
ENGLISH = Formats("en", Calendar.GREGORIAN, ZoneInfo("Asia/Dubai"), NOW)
PERSIAN = Formats("fa", Calendar.JALALI, ZoneInfo("Asia/Tehran"), NOW)


@pytest.mark.parametrize(
    ("money", "english", "persian"),
    [
        (Money(1248000, "AED"), f"AED{NBSP}12,480.00", f"۱۲٬۴۸۰٫۰۰{NBSP}AED"),
        (Money(-2000, "GBP"), "−£20.00", f"\u200e−۲۰٫۰۰{NBSP}£"),
        (Money(38_344_000, "IRT"), f"38,344,000{NBSP}toman", f"۳۸٬۳۴۴٬۰۰۰{NBSP}toman"),
        (Money(1, "KWD"), f"KWD{NBSP}0.001", f"۰٫۰۰۱{NBSP}KWD"),
        (Money(0, "IRR"), f"0{NBSP}rial", f"۰{NBSP}rial"),
        (Money(5, "CHF"), f"CHF{NBSP}0.05", f"۰٫۰۵{NBSP}CHF"),
    ],
)
def test_money_is_written_with_its_currency(money, english, persian):
    assert ENGLISH.money(money) == english
    assert PERSIAN.money(money) == persian


@pytest.mark.parametrize(
    ("money", "english", "persian"),
    [
        (Money(8_434_199, "AED"), f"AED{NBSP}84,300", f"۸۴٬۳۰۰{NBSP}AED"),
        (Money(133_890_671, "AED"), f"AED{NBSP}1.34{NBSP}million", f"۱٫۳۴{NBSP}million{NBSP}AED"),
        (Money(16_343_501_839, "IRT"), f"16.3{NBSP}billion{NBSP}toman", f"۱۶٫۳{NBSP}billion{NBSP}toman"),
        (Money(-99_999_999, "GBP"), f"−£1{NBSP}million", f"\u200e−۱{NBSP}million{NBSP}£"),
        (Money(0, "IRT"), f"0{NBSP}toman", f"۰{NBSP}toman"),
    ],
)
def test_a_sentence_has_three_figures(money, english, persian):
    assert ENGLISH.about(money) == english
    assert PERSIAN.about(money) == persian


def test_a_day_of_a_known_year_has_none():
    assert ENGLISH.day_and_month(date(2025, 3, 20)) == "20 March"
    assert PERSIAN.day_and_month(date(2025, 3, 20)) == "۳۰ Esfand"


def test_figures_alone_stand_in_columns():
    assert ENGLISH.amount(Money(-890000, "AED")) == "−8,900.00"
    assert ENGLISH.grams(Weight(4250)) == "4.250"
    assert ENGLISH.grams(Weight(4250).at(Fineness(7500))) == "3.188"
    assert ENGLISH.plain.grams(Weight(4250).at(Fineness(7500))) == "3.1875"
    assert ENGLISH.grams(FineWeight(30_000_000)) == "3.000"
    assert ENGLISH.number(1234567) == "1,234,567"
    assert ENGLISH.number(Decimal("3284.10")) == "3,284.10"


def test_metal_is_written_as_the_trade_says_it():
    assert ENGLISH.weight(Weight(-3100)) == f"−3.100{NBSP}g"
    assert PERSIAN.grams(Weight(4250)) == "۴٫۲۵۰"
    assert [ENGLISH.karat(Fineness(tenths)) for tenths in (7500, 9167, 7050)] == ["18K", "22K", "705"]
    assert ENGLISH.karat(Fineness(9250), Metal.SILVER) == "925"
    assert PERSIAN.karat(Fineness(7500)) == "۱۸K"
    assert ENGLISH.fineness(Fineness(9167)) == "916.7"
    assert ENGLISH.fineness(Fineness(10_000)) == "1000"
    assert (ENGLISH.percent(Decimal("18.50")), PERSIAN.percent(7)) == ("18.5%", "۷٪")


def test_moments_are_written_in_the_shops_zone_and_calendar():
    assert ENGLISH.datetime(NOW) == "21 Mar 2025, 00:45"
    assert PERSIAN.datetime(NOW) == "۱ Farvardin ۱۴۰۴, ۰۰:۱۵"
    assert PERSIAN.date(NOW) == "۱ Farvardin ۱۴۰۴"
    assert ENGLISH.date(date(2025, 3, 20)) == "20 Mar 2025"
    assert ENGLISH.long_date(NOW) == "21 March 2025"
    assert ENGLISH.time(NOW) == "00:45"


def test_a_spreadsheet_gets_days_in_figures():
    assert (ENGLISH.plain.date(NOW), ENGLISH.plain.datetime(NOW)) == ("2025-03-21", "2025-03-21 00:45")
    assert (PERSIAN.plain.date(NOW), PERSIAN.plain.datetime(NOW)) == ("1404/01/01", "1404/01/01 00:15")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=30), "19 Feb 2025"),
        (-timedelta(days=1), "22 Mar 2025"),
    ],
)
def test_a_moment_of_late_is_told_by_its_distance(before, words):
    assert ENGLISH.ago(NOW - before) == words


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (Weight(4250), "4.250"),
        (Money(1248000, "AED"), "12480.00"),
        (Fineness(7500), "750"),
        (Decimal("18.500"), "18.5"),
        (date(2025, 3, 20), "2025-03-20"),
        (12, "12"),
        (True, "on"),
        (None, ""),
        ("as it was", "as it was"),
    ],
)
def test_a_value_stands_in_its_field_as_it_would_be_typed(value, typed):
    assert ENGLISH.typed(value) == typed


def test_persian_reads_from_right_to_left():
    assert [direction(language) for language in ("fa", "en", "tr")] == ["rtl", "ltr", "ltr"]


def test_who_may_be_elsewhere_is_told_by_whose_clock():
    assert ENGLISH.moment(NOW) == "21 Mar 2025, 00:45 (Dubai time)"
    assert Formats("en", zone=ZoneInfo("America/New_York"), now=NOW).moment(NOW) == "20 Mar 2025, 16:45 (New York time)"
    assert Formats("en", now=NOW).moment(NOW) == "20 Mar 2025, 20:45 (UTC)"
    assert PERSIAN.clock == "تهران time"
