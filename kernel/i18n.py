"""Texts in the language of the person at hand: gettext catalogues, bound per request or job."""

from __future__ import annotations

import gettext as stdlib_gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from kernel.digits import number_text, shown
from kernel.metal import Fineness, FineWeight, Weight
from kernel.money import Money

DOMAIN = "messages"
SOURCE_LANGUAGE = "en"
NBSP = "\u00a0"

_locale_dirs: list[Path] = []
_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)


def add_locale_dir(path: Path) -> None:
    """Look for catalogues in `path` too: `<path>/<language>/LC_MESSAGES/messages.mo`."""
    if path not in _locale_dirs:
        _locale_dirs.append(path)
        _catalogue.cache_clear()


@lru_cache
def _catalogue(language: str) -> stdlib_gettext.NullTranslations:
    merged: stdlib_gettext.NullTranslations = stdlib_gettext.NullTranslations()
    for path in _locale_dirs:
        found = stdlib_gettext.translation(DOMAIN, str(path), [language], fallback=True)
        if isinstance(found, stdlib_gettext.GNUTranslations):
            if isinstance(merged, stdlib_gettext.GNUTranslations):
                merged.add_fallback(found)
            else:
                merged = found
    return merged


def language() -> str:
    """The language texts come out in now, e.g. `fa`."""
    return _language.get()


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Inside the block `_` answers in `wanted`."""
    token = _language.set(wanted)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """The message in the language of the person at hand."""
    # The empty text is the name of a catalogue's head: asked for it, gettext answers with the head.
    return Sentence(_catalogue(_language.get()).gettext(message)) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    return Sentence(_catalogue(_language.get()).ngettext(singular, plural, n))


def N_(message: str) -> str:  # noqa: N802 - the name Babel extracts
    """Mark a text that stands in a constant; translate it with `_` where it is shown."""
    return message


# What is filled into a text. Rules of the trade speak of amounts and weights without knowing who reads of them.


class Sentence(str):
    """A translated text: `format` writes amounts, weights and numbers as its reader does."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        language = _language.get()
        if language == SOURCE_LANGUAGE:
            return super().format(*args, **values)
        return super().format(
            *(_written(value, language) for value in args),
            **{name: _written(value, language) for name, value in values.items()},
        )


_RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "ps", "ur"}
_LATIN_LETTER = re.compile("[A-Za-z]")

#: What stands beside an amount where it is not the ISO code.
_UNITS = {
    "IRT": N_("toman"), "IRR": N_("rial"), "USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "TRY": "₺", "JPY": "¥",
    "AED": N_("AED"), "SAR": N_("SAR"), "KWD": N_("KWD"), "QAR": N_("QAR"), "BHD": N_("BHD"), "OMR": N_("OMR"),
}  # fmt: skip


def direction(language: str) -> str:
    """`rtl` or `ltr`: what `dir` says on the page."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def unit_of(currency: str) -> str:
    """What stands beside an amount: `toman`, `$`."""
    unit = _UNITS.get(currency, currency)
    return _(unit) if unit.isalpha() else unit


def _written(value: object, language: str) -> object:
    match value:
        case Money():
            return f"{number_text(f'{value.decimal:f}', language)}{NBSP}{unit_of(value.currency)}"
        case Weight() | FineWeight():
            grams = str(value).removesuffix(" g")
            return _("{grams} g").format(grams=number_text(grams, language)).replace(" ", NBSP)
        case Fineness():
            return number_text(str(value), language, grouping=False)
        case Decimal():
            return number_text(f"{value:f}", language)
        case bool():
            return value
        case int():
            return shown(str(value), language)  # not grouped: it may be a year
        case str() if direction(language) == "rtl" and _LATIN_LETTER.search(value):
            # A name or a code in Latin letters keeps its own direction, and leaves that of the sentence alone.
            return f"\u2068{value}\u2069"
    return value
