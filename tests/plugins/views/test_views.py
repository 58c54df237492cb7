"""Views of lists: each person's own, by name, and the one a list begins with."""

from __future__ import annotations

import re

import pytest

from plugins.views.domain import MOST_VIEWS
from tests.plugins.browser import Browser


@pytest.fixture
def owner(signed_in, shop):
    return english(signed_in(shop))


def english(browser: Browser) -> Browser:
    browser.client.cookies.set("language", "en")
    return browser


def keep(browser: Browser, name: str, query: str = "", list_: str = "/sales", **more: str):
    return browser.post("/views", list=list_, query=query, name=name, **more)


def tabs(browser: Browser, address: str = "/sales") -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the one at hand."""
    nav = re.search(r'<nav class="tabs" aria-label="Views of this list">.*?</nav>', browser.get(address).text, re.S)
    if nav is None:
        return []
    found = re.findall(r'href="([^"]*)"([^>]*)>(.*?)</a>', nav[0], re.S)
    return [
        (re.sub(r"<svg.*?</svg>|<[^>]+>", "", name).strip(), to, "aria-current" in more) for to, more, name in found
    ]


def test_a_list_is_kept_as_it_stands_and_found_again_above_it(owner):
    answer = keep(owner, "Refunds", "state=refunded&period=this_month")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sales?state=refunded&period=this_month")
    assert tabs(owner) == [("All", "/sales", True), ("Refunds", "/sales?state=refunded&amp;period=this_month", False)]
    assert tabs(owner, "/sales?period=this_month&state=refunded&page=1")[1][2] is True
    assert tabs(owner, "/books") == []


def test_under_a_name_that_is_taken_the_view_is_kept_anew(owner):
    keep(owner, "Mine", "state=refunded")
    keep(owner, "Mine", "state=void")
    assert [address for _name, address, _here in tabs(owner)] == ["/sales", "/sales?state=void"]


def test_a_list_begins_with_the_view_that_was_chosen_until_it_is_not(owner):
    keep(owner, "Voided", "state=void", is_default="on")
    keep(owner, "Refunded", "state=refunded", is_default="on")
    page = owner.get("/sales").text
    assert '<option value="refunded" selected>' in page
    assert [here for _name, _address, here in tabs(owner)] == [False, False, True]
    assert '<option value="refunded" selected>' not in owner.get("/sales?view=all").text
    assert [here for _name, _address, here in tabs(owner, "/sales?view=all")] == [True, False, False]
    start = re.search(r'action="(/views/[0-9a-f-]{36}/start)"', page)
    assert start is not None
    owner.post(start[1])
    assert '<option value="refunded" selected>' not in owner.get("/sales").text


def test_filters_are_cleared_also_where_the_list_begins_with_a_view(owner):
    keep(owner, "Voided", "state=void", is_default="on")
    page = owner.get("/sales").text
    assert 'href="/sales?view=all"' in page  # "Clear filters", and the tab of all
    assert '<input type="hidden" form="filters" name="view" value="all">' in page


def test_views_are_each_persons_own(owner, signed_in, shop, new_shop):
    keep(owner, "Voided", "state=void")
    removal = removal_of(owner)
    for somebody in (signed_in(shop, "manager"), signed_in(new_shop())):
        assert tabs(english(somebody)) == []
        assert somebody.post(removal).status_code == 404
    assert [name for name, _address, _here in tabs(owner)] == ["All", "Voided"]
    assert owner.post(removal).status_code == 303
    assert tabs(owner) == []


def removal_of(browser: Browser, address: str = "/sales?state=void") -> str:
    found = re.search(r'action="(/views/[0-9a-f-]{36}/removal)"', browser.get(address).text)
    assert found is not None
    return found[1]


def test_so_many_views_of_a_list_are_kept_and_no_more(owner):
    for number in range(MOST_VIEWS):
        assert keep(owner, f"View {number}", f"text={number}").status_code == 303
    refused = keep(owner, "One more", "text=more")
    assert (refused.status_code, f"You keep {MOST_VIEWS} views" in refused.text) == (422, True)
    assert keep(owner, "View 3", "text=three").status_code == 303
    assert keep(owner, "Elsewhere", "", "/books").status_code == 303
    assert len(tabs(owner)) == MOST_VIEWS + 1


@pytest.mark.parametrize("list_", ["//evil.example", "https://evil.example", "sales", "/sales?x=1", "/..", ""])
def test_a_view_is_of_a_list_of_this_site(owner, list_):
    assert keep(owner, "Bad", "", list_).status_code == 400


@pytest.mark.parametrize("query", ["a=1\r\nSet-Cookie: x=1", "a=ب", "a b", "x" * 2001])
def test_a_view_keeps_an_address_and_nothing_else(owner, query):
    assert keep(owner, "Bad", query).status_code == 400


def test_with_htmx_the_tabs_follow_the_list(owner):
    keep(owner, "Voided", "state=void")
    part = owner.get("/sales?state=void", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert '<hx-partial hx-target="#views">' in part
    assert re.search(r'href="/sales\?state=void" aria-current="page"', part)
    assert "Remove this view" in part


def test_a_list_asks_for_its_views_once_however_many_there_are(owner, statements):
    owner.get("/sales")
    counts = []
    for number in range(4):
        with statements.counted() as sent:
            owner.get("/sales")
        counts.append(len(sent))
        keep(owner, f"View {number}", f"text={number}")
        owner.get("/sales")  # what was said after keeping is said
    assert len(set(counts)) == 1
