"""The search of every page: what somebody may see of their own shop, and of no other, whether or not scripts run."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.tenants.public import switch_off
from tests.plugins.browser import Browser
from tests.plugins.pos.conftest import Counter

SignedIn = Callable[..., Browser]
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def counter(open_counter: Callable[..., Counter], shop: Shop) -> Counter:
    return open_counter(shop, "7000000")


@pytest.fixture
def owner(signed_in: SignedIn, shop: Shop) -> Browser:
    return english(signed_in(shop))


def english(browser: Browser) -> Browser:
    browser.client.cookies.set("language", "en")
    return browser


def found(browser: Browser, text: str, at: str = "/search") -> dict[str, list[str]]:
    """What the palette shows: titles by the name of their group."""
    answer = browser.get(at, params={"text": text}, headers=PART)
    assert answer.status_code == 200
    groups = re.split(r'<div role="group"', answer.text)[1:]
    return {
        unescape(re.findall(r'role="presentation">(.*?)<', group)[0]): [
            unescape(title) for title in re.findall(r'class="found__title">(.*?)<', group)
        ]
        for group in groups
    }


def test_with_nothing_typed_every_page_that_one_may_open_is_there(owner, signed_in, shop):
    pages = found(owner, "")["Go to"]
    assert {"Today", "Till", "Stock", "People", "New sale", "Chart of accounts", "Password and security"} <= set(pages)
    employee = found(english(signed_in(shop, "employee")), "")["Go to"]
    assert "New sale" in employee
    assert not {"People", "Books", "Chart of accounts", "Add somebody"} & set(employee)


@pytest.mark.parametrize(
    ("typed", "page"),
    [("till", "Till"), ("sale new", "New sale"), ("  TILL ", "Till"), ("chart acc", "Chart of accounts")],
)
def test_pages_are_found_by_the_beginnings_of_their_words(owner, typed, page):
    assert page in found(owner, typed)["Go to"]


def test_pages_are_found_in_english_whatever_one_reads(signed_in, shop):
    reader = signed_in(shop)
    reader.client.cookies.set("language", "fa")
    assert len(found(reader, "branches")) == 1


def test_a_piece_is_found_by_its_words_and_its_sku(owner, counter):
    ring = counter.takes_in(name="Ring Toranj", sku="R-7001")
    counter.takes_in(name="Chain Figaro", sku="C-7001")
    assert found(owner, "toranj") == {"Pieces": ["Ring Toranj"]}
    assert found(owner, "R-7001")["Pieces"] == ["Ring Toranj"]
    assert f'href="/inventory/{ring.id}"' in owner.get("/search?text=toranj", headers=PART).text


def test_a_piece_that_was_sold_is_found_where_none_in_stock_is(owner, counter):
    ring = counter.takes_in(name="Ring Toranj")
    counter.sells(ring)
    assert found(owner, "toranj") == {"Pieces": ["Ring Toranj"]}
    assert "Not in stock" in owner.get("/search?text=toranj", headers=PART).text


def test_a_sale_is_found_by_its_number_and_its_customers_phone(owner, counter):
    sale = counter.sells(counter.takes_in(), customer_name="Mina", customer_phone="09121234567")
    by_number = found(owner, "۱")
    assert by_number["Sales"] == ["Sale 1"]
    assert found(owner, "09121234567") == {"Sales": ["Sale 1"]}
    assert f'href="/sales/{sale.id}"' in owner.get("/search?text=1", headers=PART).text


def test_a_journal_is_found_by_its_number_and_its_documents(owner, counter):
    counter.sells(counter.takes_in(sku="R-55"))
    assert any(title.startswith("Journal") for title in found(owner, "R-55")["Journals"])
    assert "Journals" in found(owner, "1")


def test_somebody_is_found_by_name_and_address(owner, signed_in, shop):
    signed_in(shop, "employee", "Reza Karimi")
    assert found(owner, "kar rez")["People"] == ["Reza Karimi"]
    assert "Reza Karimi" in found(owner, "person-")["People"]


def test_who_may_not_see_something_does_not_find_it(owner, signed_in, shop, counter):
    counter.sells(counter.takes_in(name="Ring Toranj", sku="R-1"))
    employee = english(signed_in(shop, "employee", "Reza"))
    assert {"Sales", "Journals"} <= found(owner, "1").keys()
    assert "Journals" not in found(employee, "1")
    assert "People" not in found(employee, "reza")


def test_a_plugin_that_is_off_finds_nothing(owner, counter, database: Database, shop, actor: Actor):
    counter.sells(counter.takes_in())
    assert {"Sales", "Journals"} <= found(owner, "1").keys()
    with database.for_shop(shop.id, actor) as uow:
        switch_off(uow, "accounting")
    assert "Journals" not in found(owner, "1")
    assert "Chart of accounts" not in found(owner, "")["Go to"]


def test_another_shop_finds_nothing_of_this_one(counter, new_shop, signed_in, open_counter):
    other = new_shop()
    open_counter(other, "7000000")
    stranger = english(signed_in(other, name="Omid"))
    counter.sells(counter.takes_in(name="Ring Toranj", sku="R-909"), customer_phone="09120000000")
    for text in ("toranj", "R-909", "09120000000", "1", "sara"):
        assert found(stranger, text).keys() <= {"Go to"}, text


def test_what_cannot_be_found_finds_nothing_and_breaks_nothing(owner):
    for text in ("%", "'; DROP TABLE", "\x00", "a" * 5000, "9" * 80, "‌", "<script>", "+"):
        assert owner.get("/search", params={"text": text}).status_code == 200
        assert "<script>alert" not in owner.get("/search", params={"text": "<script>alert"}).text


def test_without_scripts_it_is_a_page(owner, counter):
    counter.takes_in(name="Ring Toranj", sku="R-31")
    page = owner.get("/search?text=toranj").text
    assert "<h1>Search</h1>" in page
    assert "Ring Toranj" in page
    assert 'value="toranj"' in page
    assert "Nothing found" in owner.get("/search?text=zzzz").text
    assert 'href="/search"' in owner.get("/branches").text


def test_it_asks_as_few_statements_for_one_piece_as_for_many(owner, counter, statements):
    counter.takes_in(name="Ring Toranj")
    owner.get("/search?text=toranj", headers=PART)
    counts = []
    for _more in range(2):
        with statements.counted() as sent:
            owner.get("/search?text=toranj", headers=PART)
        counts.append(len(sent))
        for _piece in range(6):
            counter.takes_in(name="Ring Toranj")
    assert counts[0] == counts[1] <= 8


# On the platform


def test_the_platforms_people_find_its_pages_and_shops(ada, new_shop):
    new_shop("AE", name="Creek Gold", slug=f"creek-{new_id().hex[:12]}")
    assert {"Shops", "Open a shop"} <= set(found(ada, "", "/platform/search")["Go to"])
    assert "Creek Gold" in found(ada, "creek", "/platform/search")["Shops"]
    assert ada.get("/search").status_code == 404


def test_nobody_of_a_shop_finds_shops(owner, new_shop):
    new_shop("AE", name="Creek Gold")
    assert found(owner, "creek") == {}
    assert owner.get("/platform/search?text=creek").status_code == 404


def test_a_shops_first_page_leads_the_platforms_people_to_theirs(ada):
    answer = ada.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/platform")
    assert ada.get("/branches").status_code == 404
