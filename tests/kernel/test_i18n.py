"""Texts come out in the language of the person at hand, and so do the values that are filled into them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kernel import i18n
from kernel.i18n import _, ngettext, speaking
from kernel.metal import Fineness, FineWeight, Weight
from kernel.money import Money

TEXTS: dict[str | tuple[str, ...], str | tuple[str, ...]] = {
    "{due} is due.": "{due} قابل پرداخت است.",
    "toman": "تومان",
    "{grams} g": "{grams} گرم",
    "{what} is here.": "{what} اینجاست.",
    ("{count} ring", "{count} rings"): ("{count} انگشتر",),
}


@pytest.fixture(autouse=True)
def _persian(_in_the_language_of_the_code: None, tmp_path: Path) -> None:
    catalogue = Catalog("fa")
    for text, translated in TEXTS.items():
        catalogue.add(text, translated)
    file = tmp_path / "fa" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as written:
        write_mo(written, catalogue)
    i18n.add_locale_dir(tmp_path)


def test_a_text_comes_in_the_language_that_is_spoken():
    with speaking("fa"):
        assert _("toman") == "تومان"
    assert _("toman") == "toman"


def test_a_text_that_nobody_translated_comes_as_it_is():
    with speaking("fa"):
        assert _("A text of tomorrow.") == "A text of tomorrow."


def test_nothing_is_translated_to_nothing():
    """gettext has the head of the catalogue under the empty text."""
    with speaking("fa"):
        assert _("") == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Money(38_344_000, "IRT"), "۳۸٬۳۴۴٬۰۰۰\u00a0تومان"),
        (Money(-2050, "USD"), "\u200e−۲۰٫۵۰\u00a0$"),
        (Weight(4250), "۴٫۲۵۰\u00a0گرم"),
        (FineWeight(31_875_000), "۳٫۱۸۷۵\u00a0گرم"),
        (Fineness(9167), "۹۱۶٫۷"),
        (Decimal("1234.5"), "۱٬۲۳۴٫۵"),
        (1404, "۱۴۰۴"),
        ("الماس", "الماس"),
        ("R-12", "\u2068R-12\u2069"),
    ],
)
def test_what_is_filled_in_is_written_as_its_reader_writes(value, written):
    with speaking("fa"):
        assert _("{what} is here.").format(what=value) == f"{written} اینجاست."


def test_the_language_of_the_code_is_filled_in_as_python_does():
    assert _("{due} is due.").format(due=Money(38_344_000, "IRT")) == "38,344,000 IRT is due."


def test_a_plural_is_filled_in_like_any_text():
    with speaking("fa"):
        assert ngettext("{count} ring", "{count} rings", 3).format(count=3) == "۳ انگشتر"
    assert ngettext("{count} ring", "{count} rings", 3).format(count=3) == "3 rings"
