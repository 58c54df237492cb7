import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import text


def test_a_line_is_kept_composed_and_trimmed():
    assert text.line("  Ring \t 18K\r\nwith stone ") == "Ring 18K with stone"
    assert text.line("Cafe\u0301") == "Café"


def test_a_paragraph_keeps_its_lines():
    assert text.paragraph(" one  \r\ntwo\rthree\u2028four \n\n") == "one\ntwo\nthree\nfour"


def test_marks_that_reorder_text_are_dropped_and_the_persian_joiner_stays():
    assert text.line("\u202egnirts\u202c \u2066x\u2069\ufeff") == "gnirts x"
    assert text.line("می\u200cشود") == "می\u200cشود"


@pytest.mark.parametrize("typed", ["a\0b", "\x1b[31m", "a\x7f", "\ud800", "a\u0085b\x00", "\x08", "\U0003ffff"])
def test_control_characters_are_refused(typed):
    with pytest.raises(ValueError, match="cannot be kept"):
        text.line(typed)
    with pytest.raises(ValueError, match="cannot be kept"):
        text.paragraph(typed)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_kept_text_is_stable_and_storable(typed):
    for keep in (text.line, text.paragraph):
        try:
            kept = keep(typed)
        except ValueError:
            continue
        assert keep(kept) == kept
        assert unicodedata.is_normalized("NFC", kept)
        kept.encode()
        assert "\0" not in kept


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("کتاب‌های علي", "كتاب های على"),
        ("آب", "اب"),
        ("RING ۱۸", "ring 18"),
        ("Émile", "emile"),
        ("مُحَمَّد", "محمد"),
        ("دستبنـــد", "دستبند"),
        ("خانۀ", "خانه"),
        ("ﻻ", "لا"),
    ],
)
def test_a_search_finds_what_is_spelled_another_way(stored, asked):
    assert text.search_key(stored) == text.search_key(asked)


def test_different_words_stay_different():
    assert len({text.search_key(word) for word in ("ring", "rings", "حلقه", "حلقه ها", "گل", "کل")}) == 6


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_has_a_storable_key(typed):
    for key in (text.search_key(typed), text.sort_key(typed)):
        assert "\0" not in key
        key.encode()
    assert text.search_key(text.search_key(typed)) == text.search_key(typed)


def test_names_sort_by_the_persian_alphabet():
    names = ["آرمان", "اکبر", "بابک", "پارسا", "تارا", "جواد", "چنگیز", "حمید", "زهرا", "ژاله", "سارا", "کاوه", "گیتی"]
    names += ["لیلا", "مریم", "نگار", "وحید", "هدی", "یاسمن"]
    shuffled = sorted(names)
    assert shuffled != names
    assert sorted(shuffled, key=lambda name: text.sort_key(name).encode()) == names


def test_names_sort_without_regard_to_case_marks_and_keyboards():
    assert sorted(["bob", "Zoe", "Émile", "adam", "۲۴", "12"], key=text.sort_key) == [
        "12",
        "۲۴",
        "adam",
        "bob",
        "Émile",
        "Zoe",
    ]
    assert text.sort_key("علي") == text.sort_key("علی")
