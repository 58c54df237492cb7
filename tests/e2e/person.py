"""Somebody before a page who reads one language: finds what the page calls by its name, types and presses."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache

from playwright.sync_api import Locator, Page, expect

from adapters.catalogues import FOLDER
from kernel.digits import decimal_text
from kernel.i18n import DOMAIN
from tests.e2e.tab import Tab

#: A number with its groups and its point, in any digits.
_NUMBER = re.compile(r"[-\u2212]?\d[\d\u066c,٬]*(?:[.٫]\d+)?")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(FOLDER), [language], fallback=language == "en")


def word(language: str, text: str) -> str:
    """A text of the code as this language has it."""
    return catalogue(language).gettext(text)


def plain(text: str) -> str:
    """Without the marks that keep directions apart, and with one kind of blank."""
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", text).replace("\xa0", " ")


def amount(text: str) -> Decimal:
    """The first number in a text."""
    found = _NUMBER.search(plain(text))
    assert found is not None, text
    return Decimal(decimal_text(found[0].replace("\u2212", "-")))


class Person:
    def __init__(self, tab: Tab, language: str) -> None:
        self.tab = tab
        self.page: Page = tab.page
        self.language = language

    def word(self, text: str) -> str:
        return word(self.language, text)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def types(self, fields: Mapping[str, str]) -> None:
        """Into the fields of these names."""
        for name, value in fields.items():
            self.field(name).fill(value)

    def field(self, name: str) -> Locator:
        """Of the page, and not of what stands around it."""
        return self.main.locator(f'[name="{name}"]')

    def button(self, text: str) -> Locator:
        """A button or link of the page by the beginning of what it is called."""
        called = re.compile("^" + re.escape(self.word(text)))
        found = self.main.get_by_role("button", name=called).or_(self.main.get_by_role("link", name=called))
        return found.first

    def presses(self, text: str) -> None:
        self.button(text).click()

    def sees(self, text: str) -> None:
        expect(self.main).to_contain_text(re.compile(re.escape(text)))

    def is_at(self, path: str) -> None:
        """Waits until the address is this; a star stands for an id."""
        self.page.wait_for_url(
            re.compile(r"^\w+://[^/]+" + re.escape(path).replace(r"\*", "[0-9a-f-]{36}") + r"(\?.*)?$")
        )

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """What is pressed here is answered so, on purpose."""
        self.tab.expected = set(statuses)
        yield
        self.tab.expected = set()
