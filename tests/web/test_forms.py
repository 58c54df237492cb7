from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator
from pydantic_core.core_schema import ErrorType

from kernel import calendars
from kernel.errors import BadInput
from kernel.metal import Fineness, Weight
from kernel.money import Money
from web import fields, forms
from web.bodies import Rows, Upload, nested
from web.forms import Draft, Form, to_money, validate


class Kind(StrEnum):
    RING = "ring"
    CHAIN = "chain"


class LineForm(Form):
    item: forms.Line
    weight: forms.WeightG
    count: forms.CountField = 1


class EveryField(Form):
    weight: forms.WeightG | None = None
    stones: forms.WeightOrZeroG | None = None
    change: forms.SignedWeightG | None = None
    fineness: forms.FinenessField | None = None
    price: forms.AmountField | None = None
    discount: forms.AmountOrZero | None = None
    correction: forms.SignedAmount | None = None
    rate: forms.RateField | None = None
    count: forms.CountField | None = None
    left: forms.CountOrZero | None = None
    moved: forms.SignedCount | None = None
    wage: forms.Percent | None = None
    markup: forms.Markup | None = None
    name: forms.Line | None = None
    short: Annotated[forms.Line, Field(min_length=2, max_length=5)] | None = None
    note: forms.Paragraph | None = None
    sku: forms.Code | None = None
    email: forms.Email | None = None
    slug: forms.Slug | None = None
    item: forms.Uuid | None = None
    day: forms.DateField | None = None
    file: forms.UploadField | None = None
    kind: Kind | None = None
    agreed: bool = False
    tags: tuple[forms.Line, ...] = ()
    lines: Annotated[tuple[LineForm, ...], Field(max_length=3)] = ()


def refused(data, form=EveryField):
    with pytest.raises(BadInput) as raised:
        validate(form, data)
    return raised.value.fields


def test_a_full_form_becomes_exact_values():
    typed = {
        "weight": "۴٫۲۵۰", "stones": "0", "change": "−۳٫۱", "fineness": "18K", "price": "۱۲٬۳۴۵٬۶۷۸", "discount": "0",
        "correction": "-20.50", "rate": "3,284.105", "count": "۳", "left": "0", "moved": "-2", "wage": "۱۸٪",
        "markup": "120", "name": "  Ring \u202e18K ", "short": "abc", "note": "a \r\nb", "sku": " RNG-۱۲ ",
        "email": "Sara@EXAMPLE.com",
        "slug": "main-branch", "item": "0190d1f0-0000-7000-8000-000000000001", "day": "2025-03-20", "kind": "ring",
        "agreed": "on", "tags": ["a", ""], "lines": [{"item": "ring", "weight": "1"}],
    }  # fmt: skip
    assert validate(EveryField, typed) == EveryField(
        weight=Weight(4250), stones=Weight(0), change=Weight(-3100), fineness=Fineness(7500), price=Decimal(12345678),
        discount=Decimal(0), correction=Decimal("-20.50"), rate=Decimal("3284.105"), count=3, left=0, moved=-2,
        wage=Decimal(18), markup=Decimal(120), name="Ring 18K", short="abc", note="a\nb", sku="RNG-12",
        email="Sara@example.com", slug="main-branch", item=UUID("0190d1f0-0000-7000-8000-000000000001"),
        day=date(2025, 3, 20), kind=Kind.RING, agreed=True, tags=("a",),
        lines=(LineForm(item="ring", weight=Weight(1000)),),
    )  # fmt: skip


def test_blank_fields_count_as_not_sent():
    blank = dict.fromkeys(EveryField.model_fields, "  \u200e")
    assert validate(EveryField, blank) == EveryField()
    assert refused({"item": " ", "weight": ""}, LineForm) == {
        "item": "Please fill this in.",
        "weight": "Please fill this in.",
    }


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("weight", "0", "This must be more than zero."),
        ("weight", "-1", "This cannot be negative."),
        ("weight", "4.2505", "At most 3 decimals, please."),
        ("weight", "4,250", "Please use a point for decimals, as in 4.250."),
        ("weight", "10000000", "This number is too large."),
        ("weight", "heavy", "Please enter a number."),
        ("weight", "nan", "Please enter a number."),
        ("weight", 4.25, "Please enter a number."),
        ("weight", True, "Please enter a number."),
        ("weight", ["1", "2"], "Please enter a number."),
        ("weight", {"mg": 1}, "Please enter a number."),
        ("weight", Decimal("1E+999999"), "This number is too large."),
        ("weight", Decimal("1E-999999"), "At most 3 decimals, please."),
        ("weight", Decimal("1." + "0" * 40 + "1"), "At most 3 decimals, please."),
        ("weight", 10**4000, "This number is too large."),
        ("stones", "-0.001", "This cannot be negative."),
        ("fineness", "18", "Please write 18K for karat, or parts per thousand, as in 750."),
        ("fineness", "17K", "This karat has no usual fineness. Please enter parts per thousand, as in 750."),
        ("fineness", "1000.1", "Fineness is above 0 and at most 1000."),
        ("fineness", "0", "Fineness is above 0 and at most 1000."),
        ("fineness", "916.67", "At most 1 decimal, please."),
        ("price", "0", "This must be more than zero."),
        ("price", "9" * 20, "This number is too large."),
        ("count", "1.5", "Please enter a whole number."),
        ("count", "1000001", "This number is too large."),
        ("wage", "100.5", "At most 100 per cent, please."),
        ("wage", "-1%", "This cannot be negative."),
        ("name", "a\0b", "There are characters in this text that cannot be kept."),
        ("name", "a" * 201, "At most 200 characters, please."),
        ("name", 7, "Please enter text."),
        ("short", "a", "At least 2 characters, please."),
        ("short", "abcdef", "At most 5 characters, please."),
        ("email", "sara", "Please enter an e-mail address such as name@example.com."),
        ("email", "a..b@example.com", "Please enter an e-mail address such as name@example.com."),
        ("slug", "Main Branch", "Small letters, digits and single hyphens only, please."),
        ("item", "42", "Please choose one from the list."),
        ("day", "2025-02-30", "Please enter a date as year, month and day, such as 2025-03-20."),
        ("day", "1403/12/30", "Please enter a date as year, month and day, such as 2025-03-20."),
        ("file", "text", "Please choose a file."),
        ("kind", "crown", "Please choose one from the list."),
        ("agreed", "perhaps", "Please answer with yes or no."),
        ("tags", "one", "Please enter a list."),
        ("lines", "one", "Please enter a list."),
    ],
)
def test_a_refused_field_says_what_to_do(field, typed, sentence):
    assert refused({field: typed}) == {field: sentence}


def test_an_error_in_a_row_is_named_by_the_number_of_the_row():
    names = {"lines[3][item]": "", "lines[7][item]": "ring", "lines[7][weight]": "0", "lines[9][weight]": "1"}
    data = nested(names.items())
    assert refused(data) == {"lines.7.weight": "This must be more than zero.", "lines.9.item": "Please fill this in."}


def test_too_many_rows_are_an_error_of_the_list():
    rows = [(f"lines[{n}][{name}]", "1") for n in range(4) for name in ("item", "weight")]
    assert refused(nested(rows)) == {"lines": "At most 3, please."}


def test_a_rule_of_the_whole_form_has_the_empty_path():
    class Period(Form):
        first: forms.DateField
        last: forms.DateField

        @model_validator(mode="after")
        def in_order(self) -> "Period":
            if self.first > self.last:
                raise ValueError("The last day is before the first.")
            return self

    assert refused({"first": "2025-02-02", "last": "2025-02-01"}, Period) == {"": "The last day is before the first."}


def test_an_error_in_a_union_is_named_by_the_field():
    class Payment(Form):
        amount: int | list[int]

    assert set(refused({"amount": "x"}, Payment)) == {"amount"}
    assert set(refused({"amount": ["x"]}, Payment)) <= {"amount", "amount.0"}


def test_dates_are_read_in_the_calendar_of_the_shop():
    with calendars.counting_in(calendars.Calendar.JALALI):
        assert validate(EveryField, {"day": "۱۴۰۳/۱۲/۳۰"}).day == date(2025, 3, 20)
        assert refused({"day": "1404/12/30"}) == {
            "day": "Please enter a date as year, month and day, such as 1403/12/30."
        }


@pytest.mark.parametrize(
    ("typed", "tenths"),
    [
        ("750", 7500),
        ("916.7", 9167),
        ("۹۱۶٫۷", 9167),
        ("18k", 7500),
        ("22 K", 9160),
        ("۱۸ عیار", 7500),
        ("24K", 9990),
        ("1000", 10000),
        ("14ct", 5850),
        ("۲۱عيار", 8750),
        (Decimal("999.9"), 9999),
        (750, 7500),
    ],
)
def test_fineness_is_typed_in_thousandths_or_karat(typed, tenths):
    assert validate(EveryField, {"fineness": typed}).fineness == Fineness(tenths)


def test_a_file_that_was_not_chosen_counts_as_not_sent():
    assert validate(EveryField, {"file": Upload("", b"")}).file is None
    assert validate(EveryField, {"file": Upload("pieces.csv", b"sku")}).file == Upload("pieces.csv", b"sku")


def test_an_amount_takes_the_decimals_of_its_currency():
    assert to_money(Decimal("12.50"), "AED", "price") == Money(1250, "AED")
    assert to_money(Decimal("1500.0"), "IRT", "price") == Money(1500, "IRT")
    for amount, currency, sentence in (
        (Decimal("1.5"), "IRT", "Please enter a whole number."),
        (Decimal("1.255"), "AED", "At most 2 decimals, please."),
        (Decimal(10**15), "KWD", "This number is too large."),
    ):
        with pytest.raises(BadInput) as raised:
            to_money(amount, currency, "lines.0.price")
        assert raised.value.fields == {"lines.0.price": sentence}


def test_what_nobody_asked_for_is_ignored():
    assert validate(EveryField, {"total": "1", "tenant_id": "2", "_csrf": "x"}) == EveryField()


NASTY = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789۰۱۲۳.,٫٬-+/%KkعیارE \u200e\0", max_size=14),
    st.integers(),
    st.integers(min_value=10**300, max_value=10**301),
    st.booleans(),
    st.none(),
    st.floats(),
    st.decimals(),
    st.binary(max_size=4),
    st.dates(),
)
NAMES = st.sampled_from(["item", "weight", "x"])
NESTED = st.recursive(
    NASTY, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=3), max_leaves=6
)


@given(st.dictionaries(st.sampled_from(sorted(EveryField.model_fields)), NESTED, max_size=8))
def test_nothing_that_is_sent_is_a_fault(data):
    said: dict[str, str] = {}
    try:
        validate(EveryField, data)
    except BadInput as refused:
        said = refused.fields
    for path, sentence in said.items():
        assert path.split(".")[0] in EveryField.model_fields
        assert "{" not in sentence
        assert len(sentence) < 100


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("0.001"), max_value=10**6, places=3))
def test_a_weight_is_never_changed_by_typing_it(grams):
    assert validate(EveryField, {"weight": f"{grams:f}"}).weight == Weight(int(grams * 1000))


#: What can only come from a mistake in a form class, never from what somebody sends.
FROM_PROGRAMS_ONLY = {
    "no_such_attribute", "json_invalid", "json_type", "needs_python_object", "recursion_loop", "frozen_field",
    "recursion_depth_exceeded", "frozen_instance", "invalid_key", "get_attribute_error", "dataclass_exact_type",
    "named_tuple_type", "default_factory_not_called", "iteration_error", "mapping_type", "deque_type",
    "frozen_dict_type", "ordered_dict_type", "counter_type",
    "set_item_not_hashable", "bytes_invalid_encoding", "missing_sentinel_error",
    "ellipsis_error", "is_instance_of", "is_subclass_of", "callable_type", "arguments_type", "missing_argument",
    "unexpected_keyword_argument", "missing_keyword_only_argument", "unexpected_positional_argument",
    "missing_positional_only_argument", "multiple_argument_values", "complex_type", "complex_str_parsing",
}  # fmt: skip


def test_every_reason_has_a_sentence():
    assert set(get_args(ErrorType)) - FROM_PROGRAMS_ONLY == set(forms._SENTENCES)


def test_a_draft_shows_what_was_typed_and_what_to_correct():
    data = nested([("name", "Sara"), ("lines[4][weight]", "heavy"), ("tags", "a"), ("tags", "b")])
    draft = Draft(data, {"lines.4.weight": "Please enter a number."})
    assert draft.value("name", "before") == "Sara"
    assert draft.value("lines[4][weight]", "before") == "heavy"
    assert draft.value("lines[5][weight]", "before") == ""
    assert draft.value("tags[]", ()) == ["a", "b"]
    assert draft.error("lines[4][weight]") == "Please enter a number."
    assert draft.error("name") == ""
    assert forms.NO_DRAFT.value("name", "before") == "before"


@pytest.mark.parametrize(
    ("typed", "text"), [("ring", "ring"), (["1", "2"], ""), (Rows({0: "1"}), ""), ({"a": "1"}, "")]
)
def test_what_is_no_line_of_text_is_shown_again_as_none(typed, text):
    assert Draft({"offer": typed}, {"offer": "Please look at this."}).text("offer") == text
    assert Draft({"offer": typed}).text("offer") == ""


def test_every_field_says_what_it_is_in_the_api_document():
    schema = EveryField.model_json_schema()
    assert schema["properties"]["weight"]["anyOf"][0] == {
        "type": "string", "pattern": "^[0-9]{1,6}(\\.[0-9]{1,3})?$", "description": "grams", "examples": ["4.250"],
    }  # fmt: skip
    assert fields.MOST_PIECES == 1_000_000
