"""Texts in the language of the person at hand: gettext catalogues, bound per request or job."""

from __future__ import annotations

import gettext as stdlib_gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DOMAIN = "messages"
SOURCE_LANGUAGE = "en"

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
    return _catalogue(_language.get()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    return _catalogue(_language.get()).ngettext(singular, plural, n)


def N_(message: str) -> str:  # noqa: N802 - the name Babel extracts
    """Mark a text that stands in a constant; translate it with `_` where it is shown."""
    return message
