from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.digits import Ambiguous, decimal_text, latin, number_text, shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("4.250", "4.250"),
        ("۴٫۲۵۰", "4.250"),
        ("٤٫٢٥٠", "4.250"),
        ("۴.۲۵", "4.25"),
        ("۴/۲۵", "4.25"),
        (" 1,234,567.50 ", "1234567.50"),
        ("1.234.567,50", "1234567.50"),
        ("۱۲٬۳۴۵٬۶۷۸", "12345678"),
        ("۱۲،۳۴۵،۶۷۸", "12345678"),
        ("1 234 567", "1234567"),
        ("1\u202f234\u00a0567", "1234567"),
        ("12'345.5", "12345.5"),
        ("1,23,456.00", "123456.00"),
        ("1.234.567", "1234567"),
        ("4,250", "4250"),
        ("0,250", "0.250"),
        ("1,5", "1.5"),
        ("12,34", "12.34"),
        ("1.234", "1.234"),
        (".5", "0.5"),
        ("-3", "-3"),
        ("−۳٫۱", "-3.1"),
        ("+7", "7"),
        ("\u200e−۱۲", "-12"),
        ("007", "007"),
    ],
)
def test_a_number_means_what_its_writer_meant(typed, meant):
    assert decimal_text(typed) == meant


NO_NUMBERS = (
    "- . , ٫ abc 1e5 1.2.3 1,2,3 --1 1- 4/5 1..2 1,2.3,4 12,3456.5 1'2'3 nan inf 0x10 1٫2٫3 1_000 ½ ² ９ 5. 1.９"
)


@pytest.mark.parametrize("typed", [*NO_NUMBERS.split(), "", " ", "1 2", "۱۲ گرم", "1" * 41])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        decimal_text(typed)


def test_a_weight_with_a_comma_before_three_digits_is_not_guessed():
    with pytest.raises(Ambiguous):
        decimal_text("4,250", grouped=False)
    assert decimal_text("4,25", grouped=False) == "4.25"
    assert decimal_text("۴٫۲۵۰", grouped=False) == "4.250"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_what_is_shown_can_be_typed_back(number):
    for language in ("en", "fa", "ar"):
        assert Decimal(decimal_text(number_text(f"{number:f}", language))) == number


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_a_value_error(typed):
    with suppress(ValueError):
        Decimal(decimal_text(typed))


def test_numbers_are_written_as_each_language_does():
    assert number_text("-1234567.50", "en") == "−1,234,567.50"
    assert number_text("-1234567.50", "fa") == "\u200e−۱٬۲۳۴٬۵۶۷٫۵۰"
    assert number_text("1234567", "en", grouping=False) == "1234567"
    assert shown("INV-2041", "fa") == "INV-۲۰۴۱"
    assert latin("۱۴۰۳/٠٢") == "1403/02"
