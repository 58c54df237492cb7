from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import BadInput
from web import bodies
from web.bodies import nested, path_of, read_form, read_json


def test_numbered_names_become_rows():
    body = b"customer=Sara&lines[0][item]=ring&lines[0][weight]=4.25&lines[2][item]=chain&note="
    assert read_form(body) == {
        "customer": "Sara",
        "lines": [{"item": "ring", "weight": "4.25"}, {"item": "chain"}],
        "note": "",
    }


def test_rows_stand_in_the_order_of_their_numbers_and_keep_them():
    rows = nested([("lines[10][a]", "ten"), ("lines[2][a]", "two")])["lines"]
    assert rows == [{"a": "two"}, {"a": "ten"}]
    assert isinstance(rows, bodies.Rows)
    assert rows.numbers == [2, 10]


def test_repeated_names_become_a_list():
    assert read_form(b"tag=a&tag=b&one[]=x&m[k][]=1&m[k][]=2") == {
        "tag": ["a", "b"],
        "one": ["x"],
        "m": {"k": ["1", "2"]},
    }


def test_names_that_are_not_nested_stay_as_they_are():
    assert nested([("a[", "1"), ("]b", "2"), ("[c]", "3"), ("", "4"), ("utm_source", "x")]) == {
        "a[": "1", "]b": "2", "[c]": "3", "": "4", "utm_source": "x",
    }  # fmt: skip


def test_persian_is_read_from_percent_signs_and_from_raw_bytes():
    assert read_form(b"name=%D8%B7%D9%84%D8%A7") == read_form("name=طلا".encode()) == {"name": "طلا"}


def test_json_numbers_are_exact():
    assert read_json(b'{"weight": 4.250, "count": 3, "lines": [{"a": null}]}') == {
        "weight": Decimal("4.250"),
        "count": 3,
        "lines": [{"a": None}],
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"3",
        b"null",
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_json_that_cannot_be_meant_is_refused(body):
    with pytest.raises(BadInput):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"a=%ff",
        b"a=\xff",
        b"a=1&a[b]=2",
        b"a[b]=2&a=1",
        b"x" * 300 + b"=1",
        b"a[1][2][3][4][5][6][7]=1",
        b"&".join(b"a%d=1" % n for n in range(bodies.MOST_FIELDS + 1)),
    ],
)
def test_forms_that_cannot_be_meant_are_refused(body):
    with pytest.raises(BadInput):
        read_form(body)


@given(st.binary(max_size=200))
def test_any_body_is_data_or_bad_input(body):
    for read in (read_form, read_json):
        with suppress(BadInput):
            assert isinstance(read(body), dict)


NAMES = st.lists(st.sampled_from(["a", "b", "[0]", "[1]", "[x]", "[]", "[", "]"]), max_size=8).map("".join)


@given(st.lists(st.tuples(NAMES, st.text(max_size=3)), max_size=12))
def test_any_names_are_data_or_bad_input(pairs):
    with suppress(BadInput):
        assert isinstance(nested(pairs), dict)


def test_errors_name_fields_by_a_path():
    assert [path_of(name) for name in ("name", "lines[0][weight]", "tags[]")] == ["name", "lines.0.weight", "tags"]
