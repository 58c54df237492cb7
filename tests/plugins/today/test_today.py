"""The first page: what the shop's plugins say about the day, to those who may see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from adapters.demo.catalogue import DUBAI
from adapters.demo.trade import Trade
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.conftest import NOW
from tests.plugins.conftest import PASSWORD

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def trading(database, clock, actor, new_shop):
    """A shop in Dubai that has traded for nine days."""
    clock.at = NOW - timedelta(days=9)
    shop = new_shop("AE")
    with database.for_shop(shop.id, actor) as uow:
        add_user_with_password(uow, NewUserForm(name="Sara", email=f"s@{shop.slug}.example", role="owner"), PASSWORD)
    Trade(database, clock, shop.id, DUBAI, seed=3).fill(60, 9)
    return shop


def main_of(page):
    return page.text.split("<main", 1)[1]


def figures_of(page):
    labels = re.findall(r'<span class="stat__label">(?:<svg.*?</svg>)?(.*?)</span>', page.text, re.DOTALL)
    return [label.strip() for label in labels]


def test_every_role_has_a_first_page(shop, signed_in):
    assert [signed_in(shop, role).get("/").status_code for role in ("owner", "manager", "employee")] == [200] * 3


def test_a_shop_with_nothing_switched_on_has_one_too(new_shop, signed_in):
    page = signed_in(new_shop("AE", plan="bare")).get("/")
    assert (page.status_code, "A quiet start" in page.text) == (200, True)


def test_a_new_shop_is_told_where_to_begin(new_shop, signed_in):
    # Of a market in which no test trades: the rates of the others are the installation's, and stay.
    main = main_of(signed_in(new_shop("US")).get("/"))
    assert [words for words in ("No rate yet", "Add the first piece", "Your first sale") if words not in main] == []
    assert "data-chart" not in main
    assert "Gross profit" not in main


def test_the_day_comes_first(trading, signed_in):
    page = signed_in(trading).get("/")
    assert figures_of(page)[:5] == ["Sales today", "Gross profit", "Pieces sold", "Fine gold sold", "Cash taken"]
    for words in ("At cost", "Its metal at today", "Fine gold", "Running low", "Latest sales", "30 days brought"):
        assert words in page.text


def test_who_may_not_see_cost_sees_neither_profit_nor_cost(trading, signed_in):
    page = signed_in(trading, "employee").get("/")
    assert figures_of(page) == ["Sales today", "Pieces sold", "Fine gold sold", "Cash taken"]
    assert [words for words in ("Gross profit", "At cost", "below cost", "above cost") if words in page.text] == []
    assert "Its metal at today" in page.text


def test_a_card_is_for_those_who_may_see_it(new_shop, signed_in, plugins):
    shop = new_shop("AE")
    main = {role: main_of(signed_in(shop, role).get("/")) for role in ("owner", "employee")}
    seen = {role: set(re.findall(r'href="(/[a-z]+)', text)) for role, text in main.items()}
    hidden = {
        given.value.title
        for given in plugins.given("widgets")
        if given.value.permission is not None and "employee" not in given.value.permission.roles
    }
    assert [title for title in hidden if title in main["employee"]] == []
    assert seen["employee"] <= seen["owner"]


def test_quick_actions_are_for_those_who_may_do_them(shop, signed_in):
    def quick(role):
        nav = main_of(signed_in(shop, role).get("/")).split("<nav", 1)[1].split("</nav>", 1)[0]
        return re.findall(r'href="([^"]+)"', nav)

    assert quick("owner") == ["/pos", "/inventory/new", "/pricing/rates/new", "/pos#old-gold"]
    assert quick("employee") == ["/pos", "/pos#old-gold"]


def test_each_part_is_fetched_by_itself_when_it_changed(trading, signed_in):
    owner = signed_in(trading)
    page = owner.get("/").text
    parts = re.findall(r'id="([\w-]+)" hx-get="(/today/[\w.]+)" hx-trigger="([^"]+)"', page)
    assert ("pos-takings", "/today/pos.takings", "live:sales from:body throttle:2s") in parts
    for _id, address, _trigger in parts:
        alone = owner.get(address, headers=PARTIAL)
        assert (alone.status_code, "<html" in alone.text) == (200, False)


def test_a_part_that_has_nothing_to_say_leaves_its_place_for_later(trading, signed_in):
    owner = signed_in(trading)
    assert '<div class="today__card" id="pricing-old" hx-get="/today/pricing.old"' in owner.get("/").text
    assert owner.get("/today/pricing.old", headers=PARTIAL).text.strip() == ""


def test_a_part_that_is_not_there_or_not_for_them_is_not_found(trading, signed_in):
    assert signed_in(trading).get("/today/nothing").status_code == 404
    assert [signed_in(trading, role).get("/today/accounting.proof").status_code for role in ("owner", "employee")] == [
        200,
        404,
    ]


def test_the_page_takes_nine_statements_however_much_there_is(trading, new_shop, signed_in, statements):
    counts = []
    for shop in (trading, new_shop("AE")):
        owner = signed_in(shop)
        owner.get("/")
        with statements.counted() as sent:
            assert owner.get("/").status_code == 200
        # The door, who asks who this is, remembers that for a second only.
        in_the_shop = sent[next(place for place, each in enumerate(sent) if "enter_shop" in each) :]
        counts.append(len(in_the_shop))
    # To begin, the bell, rates, takings, latest sales, stock, what runs low, books, and the end.
    assert counts == [9, 9]


@pytest.fixture
def broken(monkeypatch, plugins):
    """The latest sales cannot be read: their statement is refused by the database, or the code is wrong."""

    def breaks(how):
        widget = next(given.value for given in plugins.given("widgets") if given.value.name == "pos.recent")
        monkeypatch.setitem(plugins._bound, widget.show, how)

    return breaks


@pytest.mark.parametrize("how", [lambda uow: uow.ask("SELECT 1/0"), lambda uow: [][0]])
def test_a_part_that_breaks_says_so_and_the_others_stay(trading, signed_in, broken, how, superuser):
    broken(how)
    page = signed_in(trading).get("/")
    assert page.status_code == 200
    (number,) = re.findall(r"We have a note of it: ([0-9a-f-]{36})", page.text)
    assert [words for words in ("Sales today", "Fine gold", "Running low") if words not in page.text] == []
    assert "Latest sales" not in main_of(page)
    noted = superuser.execute(
        "SELECT f.kind, f.place, t.tenant_id FROM platform.fault_times AS t JOIN platform.faults AS f"
        " ON f.id = t.fault_id WHERE t.id = %s",
        (number,),
    ).fetchone()
    assert noted == ("part", "pos.recent", trading.id)


def test_nobody_is_sent_to_the_door(browser):
    assert browser().get("/").headers["location"].startswith("/login")
