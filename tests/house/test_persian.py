"""Every page as a shop in Iran sees it: nothing in Latin letters or digits but what is data. New pages are covered."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zoneinfo import available_timezones

import pytest
from httpx import Response
from pypdf import PdfReader

from adapters.catalogues import FOLDER
from kernel import i18n
from kernel.contributions import Scope
from kernel.money import DECIMALS
from kernel.plugins import Plugins
from tests.house import typed
from tests.house.addresses import Address, addresses, of_the_platform
from tests.house.conftest import Trader
from tests.house.test_catalogues import LATIN_NAMES
from tests.house.typed import put, send, spots
from tests.plugins.browser import Browser
from tests.plugins.pos.pressing import AtTheTill
from web.render import LANGUAGES

#: What stands on pages in Latin letters in every language.
NAMES = LATIN_NAMES | {
    "128",
    "Goldsmith",
    "UTF-8",
    *(name for _code, name in LANGUAGES),
    *DECIMALS,
    *available_timezones(),
}

#: How shops, people, plans, reasons and files are called in tests.
OF_THE_TESTS = re.compile(
    r"(?<![A-Za-z])(?:(?:IR|AE|GB) Gold|mehr-gold.example|Noor Jewels|Dubai Gold|Sara|Ada|Mina|Bare|small|pieces.csv)"
    r"(?![A-Za-z])"
)

#: Shown as it was typed or made by a program: not read as a word.
DATA = {"code", "kbd", "pre", "samp"}

#: What is of a thing itself, where it stands isolated or on paper: its codes, and addresses.
CODES = re.compile(r"[A-Z]{2,}[A-Z0-9]*-[A-Z0-9-]+|R?[0-9]+/[0-9a-f-]{8,}|\S+@\S+|[a-z-]+\.example")

SPOKEN = {"title", "aria-label", "placeholder", "alt"}
NEVER_CLOSED = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """The texts of a page that are no data: neither isolated from left to right (`|code`), nor of a program."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = (
            tag in DATA | {"script", "style", "svg"} or given.get("dir") == "ltr" or ("lang" in given and tag != "html")
        )
        if not silent and not self._silent:
            self.texts += [CODES.sub("", value) for name, value in attrs if name in SPOKEN and value]
        if tag not in NEVER_CLOSED:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            isolated = self._open and self._open[-1][0] == "bdi"
            self.texts.append(CODES.sub("", data) if isolated else data)

    @property
    def _silent(self) -> bool:
        return any(silent for _tag, silent in self._open)


def foreign(answer: Response, names: Set[str] = NAMES) -> list[str]:
    """Every text of a page in which something is neither Persian nor data."""
    page = Page()
    page.feed(answer.text)
    return sorted({" ".join(text.split()) for text in page.texts if is_foreign(text, names)})


def is_foreign(text: str, names: Set[str] = NAMES) -> bool:
    if text.strip() in names:
        return False
    words = re.findall(
        r"[A-Za-z0-9][A-Za-z0-9.@_/:-]*", OF_THE_TESTS.sub("", re.sub("\u2068[^\u2069]*\u2069", "", text))
    )
    parts = {part for word in words if word not in names for part in re.findall(r"[A-Za-z0-9]+", word)}
    return not parts <= names


@pytest.fixture(autouse=True)
def _catalogue(_in_the_language_of_the_code: None) -> None:
    i18n.add_locale_dir(FOLDER)


def pages(plugins: Plugins, scope: Scope) -> list[Address]:
    return [address for address in addresses(plugins, scope=scope, changes=False) if not address.route.is_api]


def assert_persian(browser: Browser, path: str, names: Set[str] = NAMES) -> None:
    browser.client.cookies.set("language", "fa")
    answer = browser.client.get(path, follow_redirects=True)
    kind = answer.headers["content-type"]
    if kind.startswith("text/html"):
        assert "<html" not in answer.text or 'lang="fa" dir="rtl"' in answer.text
        assert foreign(answer, names) == []
    elif kind == "application/pdf":
        assert printed_foreign(answer.content) == []


def printed_foreign(pdf: bytes) -> list[str]:
    """Every line of a document in which something is neither Persian nor a code."""
    lines = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).splitlines()
    return sorted({line for line in lines if is_foreign(CODES.sub("", line))})


@pytest.fixture(scope="session")
def open_persian(open_trader: Callable[[str, str], Trader]) -> Callable[[str], Trader]:
    """Open a shop that trades with our catalogue at hand, and whose forms were filled in Persian."""

    def opened(login: str) -> Trader:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(i18n, "_locale_dirs", [FOLDER])
            patch.setattr(typed, "POOL", ("انگشتر", *typed.POOL))
            i18n._catalogue.cache_clear()
            return open_trader("IR", login)

    return opened


@pytest.fixture(scope="session")
def shiraz(open_persian: Callable[[str], Trader]) -> Trader:
    return open_persian("shiraz")


def test_every_page_of_a_shop_is_persian(plugins, shiraz, clock, subtests):
    for address in pages(plugins, Scope.SHOP):
        with subtests.test(str(address)):
            found = shiraz.belongings.of(shiraz.owner, address)
            # That there is something to open is for `test_addresses` to say.
            if found is not None:
                assert_persian(shiraz.owner, address.at(found))


def test_every_page_of_an_empty_shop_is_persian(plugins, shop, signed_in, subtests):
    owner = signed_in(shop)
    for address in pages(plugins, Scope.SHOP):
        if not address.ids:
            with subtests.test(str(address)):
                assert_persian(owner, address.at({}))


def test_every_page_for_anybody_is_persian(plugins, browser, subtests):
    for address in pages(plugins, Scope.PUBLIC):
        if not address.is_in_letters:
            with subtests.test(str(address)):
                assert_persian(browser(), address.at({}))


def test_every_page_of_the_platform_is_persian(plugins, ada, new_shop, a_fault, past_all_rules, subtests):
    shop = new_shop(name="طلای شیراز")
    # All tests share the platform: what others typed into it is data.
    asked = """
        SELECT name || ' ' || slug FROM platform.tenants
        UNION SELECT name || ' ' || title FROM platform.plans
        UNION SELECT name FROM platform.announcement_templates
    """
    data = [said for (said,) in past_all_rules.execute(asked)] + [each for each in typed.POOL if isinstance(each, str)]
    words = {part for said in data for part in re.findall(r"[A-Za-z0-9]+", said)}
    names = NAMES | words | set(data)
    ada.get("/platform")  # what was said in English before is said there
    for address in pages(plugins, Scope.PLATFORM):
        with subtests.test(str(address)):
            assert_persian(ada, address.at(of_the_platform(past_all_rules, address, shop)), names)


def test_what_prevents_a_page_is_said_in_persian(shiraz, clock, signed_in, shop, subtests):
    """Nothing there, not for this person, not for a browser's address bar, and a form that is too old."""
    owner, seller = shiraz.owner, signed_in(shop, "employee")
    for browser in (owner, seller):
        browser.client.cookies.set("language", "fa")
    asked = (
        (404, owner.get("/nowhere")),
        (405, owner.get("/pos/cart")),
        (403, seller.get("/users")),
        (403, owner.client.post("/pos/cart", data={"go": "find"})),
    )
    for status, answer in asked:
        with subtests.test(answer.url.path):
            assert answer.status_code == status
            assert foreign(answer) == []


def test_parts_of_pages_are_persian(shiraz, clock, subtests):
    """What htmx asks for while one types, and what is looked for in vain."""
    shiraz.owner.client.cookies.set("language", "fa")
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for path in (
        "/pos/find?find=انگشتر", "/pos/find?find=چرند", "/pos/standing", "/inventory?text=چرند", "/sales?text=چرند",
        "/books?number=چرند", "/search?text=انگشتر", "/search?text=چرند", "/users?text=چرند",
    ):  # fmt: skip
        with subtests.test(path):
            answer = shiraz.owner.get(path, headers=part)
            assert (answer.status_code, foreign(answer)) == (200, [])


def test_a_sale_is_persian_from_the_first_scan_to_the_receipt(open_persian, clock):
    owner = open_persian("yazd").owner
    owner.client.cookies.set("language", "fa")
    sku = re.findall(r"TH-[0-9]+", owner.get("/inventory").text)[0]
    till = AtTheTill(owner)
    for typed_now in (
        {"find": "چرند", "go": "find"},
        {"find": sku, "go": "find"},
        {"find": sku, "go": "find"},
        {"discount": "۹۹٪", "go": "update"},
        {"discount": "۱٪", "go": "update"},
        {"old_gold__0__weight": "۳٫۱۰۰", "old_gold__0__fineness": "۲۱ عیار"},
        {"go": "hold"},
        {"find": sku, "go": "find"},
        {"go": "pay"},
        {"pay": "transfer", "pay_amount": "۹۹۹٬۰۰۰٬۰۰۰٬۰۰۰"},
        {"drop_payment": "0"},
        {"pay": "card", "pay_amount": "۱۰۰۰"},
        {"pay": "cash"},
    ):
        assert foreign(till.press(**typed_now).answer) == []
    assert foreign(till.press("/pos/sales").answer) == []


# What a person is told who fills in a form


def told(browser: Browser, answer: Response) -> list[str]:
    """What is not Persian in an answer to a form: a page, the page it leads to, or the sentences for a program."""
    if answer.is_redirect:
        # With it comes what is said about what was done.
        return told(browser, browser.get(answer.headers["location"]))
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = answer.json()
        sentences = [problem["title"], *problem.get("fields", {}).values()]
        return [sentence for sentence in sentences if is_foreign(sentence)]
    return foreign(answer) if answer.headers.get("content-type", "").startswith("text/html") else []


def nonsense(address: Address) -> dict[str, Any]:
    """A word in every field: what is wrong with it is said field by field."""
    data: dict[str, Any] = {}
    for spot in spots(address.route.form) if address.route.form else ():
        data = put(data, spot.path, "چرند")
    return data


def test_every_refusal_of_a_form_is_persian(plugins, open_persian, clock, subtests):
    # A shop for this alone: a word is a good reason, so some of it is done.
    kerman = open_persian("kerman")
    kerman.owner.client.cookies.set("language", "fa")
    for address in addresses(plugins, scope=Scope.SHOP, changes=True):
        if address.route.form is None:
            continue
        with subtests.test(str(address)):
            path = address.at(kerman.belongings.probably(address.ids))
            assert told(kerman.owner, send(kerman.owner, address.route, path, {})) == []
            assert told(kerman.owner, send(kerman.owner, address.route, path, nonsense(address))) == []
