"""What a field says when it cannot be taken: words of the trade in the reader's language, never those of a program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from adapters.catalogues import FOLDER
from kernel import i18n
from kernel.calendars import Calendar, counting_in
from kernel.errors import BadInput
from kernel.plugins import Plugins
from tests.house.addresses import Address, addresses
from tests.house.test_bad_input import NONSENSE, OF_PROGRAMS
from tests.house.test_persian import is_foreign
from tests.house.typed import filled, put, spots
from web.forms import validate

#: How a library speaks of what it read, and what says nothing.
OF_A_PROGRAM = re.compile(
    r"input should|field required|value error|valid |invalid|unable to|assertion|(?-i:\bNone\b)|\bnull\b|\bdict|"
    r"\btuple|\bstring\b|\binteger\b|\bdecimal type|\buuid\b|\benum|\bpydantic|\btype=|\{|\}|_|cannot be used",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _catalogue(_in_the_language_of_the_code: None) -> None:
    i18n.add_locale_dir(FOLDER)


def forms(plugins: Plugins) -> Iterator[tuple[Address, type[BaseModel]]]:
    for address in addresses(plugins):
        for form in (address.route.form, address.route.query):
            if form is not None:
                yield address, form


def sentences(form: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    """For nonsense of every kind in every field by itself: the field, what was typed, what is said."""
    base = filled(form)
    for spot in spots(form):
        for what, typed in ({"nothing at all": None} | NONSENSE | OF_PROGRAMS).items():
            try:
                validate(form, put(base, spot.path, typed))
            except BadInput as refused:
                for sentence in refused.fields.values():
                    yield spot.name, what, sentence


def said(plugins: Plugins, language: str, calendar: Calendar) -> dict[str, set[str]]:
    """Every sentence that any field says, with where."""
    found: dict[str, set[str]] = {}
    with i18n.speaking(language), counting_in(calendar):
        for address, form in forms(plugins):
            for field, what, sentence in sentences(form):
                found.setdefault(sentence, set()).add(f"{address} {field}: {what}")
    return found


def where(found: dict[str, set[str]], wrong: Any) -> dict[str, str]:
    return {sentence: min(places) for sentence, places in found.items() if wrong(sentence)}


def test_no_field_speaks_as_a_program_does(plugins):
    found = said(plugins, "en", Calendar.GREGORIAN)
    assert len(found) > 20
    assert where(found, OF_A_PROGRAM.search) == {}


def test_every_sentence_ends_as_one(plugins):
    found = said(plugins, "en", Calendar.GREGORIAN)
    assert where(found, lambda sentence: not re.match(r"[A-Z“].*[.?]$", sentence, re.DOTALL)) == {}


def test_every_field_speaks_persian_to_a_persian(plugins):
    def is_english(sentence: str) -> bool:
        return is_foreign(re.sub(r"[\w.]+@[\w.]+|[A-Za-z]{2}\b|Asia/Tehran", "", sentence)) and not sentence.startswith(
            "\u2068"
        )

    assert where(said(plugins, "fa", Calendar.JALALI), is_english) == {}
