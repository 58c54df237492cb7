from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from web.listing import LAST_PAGE, Listing
from web.spreadsheet import Export


def asked(query="", sorts=("sku", "net"), filters=("text", "state")):
    scope = {"type": "http", "method": "GET", "path": "/pieces", "query_string": query.encode(), "headers": []}
    return Listing.of(Request(scope), sorts=sorts, filters=filters)


def test_a_list_is_what_its_address_says():
    listing = asked("text=ring+18K&sort=-net&page=3&state=&other=1").counted(842)
    assert listing == Listing("/pieces", ("sku", "net"), "net", True, 3, {"text": "ring 18K"}, 842, True)
    assert (listing.offset, listing.limit, listing.pages) == (100, 50, 17)


@pytest.mark.parametrize("query", ["", "sort=name", "page=0", "page=-1", "page=x", "page=", "page=²", "text=%00"])
def test_what_an_address_gets_wrong_is_left_out(query):
    assert asked(query) == Listing("/pieces", ("sku", "net"), "sku")


def test_a_page_may_be_asked_for_in_persian_digits_and_has_an_end():
    assert asked(urlencode({"page": "۱۲"})).page == 12
    assert asked("page=999999").page == LAST_PAGE
    assert asked("page=99999999999").page == 1


def test_a_head_sorts_and_turns():
    listing = asked("text=ring&sort=net&page=4")
    assert listing.turned("net") == "/pieces?text=ring&sort=-net"
    assert listing.turned("sku") == "/pieces?text=ring&sort=sku"
    assert listing.address(page=5) == "/pieces?text=ring&sort=net&page=5"
    assert asked("").address() == "/pieces"


def test_the_first_order_may_begin_with_the_largest():
    listing = asked("", sorts=("-at", "name"))
    assert (listing.sort, listing.descending, listing.sorts) == ("at", True, ("at", "name"))
    assert asked("sort=at", sorts=("-at", "name")).descending is False


def test_page_numbers_leave_gaps():
    assert asked("page=5").counted(842).page_numbers() == [1, None, 4, 5, 6, None, 17]
    assert asked("").counted(120).page_numbers() == [1, 2, 3]
    assert asked("").counted(0).page_numbers() == [1]
    assert asked("").with_more(True).page_numbers() == []


def test_a_list_that_is_not_counted_knows_its_sum_on_its_last_page():
    assert asked("page=2").seen(51) == asked("page=2").with_more(True)
    assert asked("page=2").seen(7) == asked("page=2").counted(57)


@pytest.mark.parametrize(
    ("sorts", "query"), [(("-at", "name"), ""), (("sku", "net"), ""), (("-at", "name"), "sort=-at")]
)
def test_the_order_a_list_begins_with_is_not_said(sorts, query):
    listing = asked(query, sorts=sorts)
    assert (listing.query, listing.order, listing.address()) == ("", "", "/pieces")


def test_the_same_list_is_kept_under_the_same_words():
    assert (
        asked("state=low&text=ring&page=3").query == asked("text=ring&state=low&other=1").query == "text=ring&state=low"
    )
    assert asked("sort=-net").export == "/pieces/export?sort=-net"


@given(st.dictionaries(st.sampled_from(["text", "state", "sort", "page"]), st.text(max_size=10)))
def test_every_address_shows_a_list_and_leads_back_to_itself(query):
    listing = asked(urlencode(query, errors="replace"))
    assert 1 <= listing.page <= LAST_PAGE
    again = asked(listing.address(page=listing.page).partition("?")[2])
    assert again == listing


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("sales-2025-06-02.csv", 'filename="sales-2025-06-02.csv"'),
        ("صندوق-1.csv", "filename*=UTF-8''%D8%B5%D9%86%D8%AF%D9%88%D9%82-1.csv"),
        ('a"b.csv', "filename*=UTF-8''a%22b.csv"),
    ],
)
def test_a_file_keeps_its_name_in_every_script(file, named):
    assert Export(file, "").headers["content-disposition"] == f"attachment; {named}"
