"""The pages and the interface for programs, as people and programs use them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from kernel.clock import SetClock
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.branches import public as branches
from plugins.pricing.public import freeze, replay
from tests.conftest import NOW
from tests.plugins.browser import Browser

GRAM = {"metal": "gold", "side": "sale", "unit": "gram", "fineness": "750"}
RING = {
    "lines[0][weight]": "4.250",
    "lines[0][fineness]": "18K",
    "lines[0][metal]": "gold",
    "lines[0][making]": "18%",
    "lines[0][supply]": "new",
}


@pytest.fixture
def owner(signed_in: Callable[..., Browser], shop: Shop) -> Browser:
    return in_english(signed_in(shop))


@pytest.fixture
def employee(signed_in: Callable[..., Browser], shop: Shop) -> Browser:
    return in_english(signed_in(shop, "employee", "Omid"))


def in_english(browser: Browser) -> Browser:
    """The shop's own language is Persian."""
    browser.client.cookies.set("language", "en")
    return browser


def sell_at_most_an_hour_after(browser: Browser) -> None:
    typed = {"rate_age_h": "1", "follow_market": "yes", "market_premium_percent": "0", "quote_min": "30"}
    assert browser.post("/pricing/choices", **typed).status_code == 303


def set_gram(browser: Browser, value: str = "7000000") -> None:
    assert browser.post("/pricing/rates", value=value, **GRAM).status_code == 303


PAGES = (
    "/pricing",
    "/pricing/rates/new",
    "/pricing/rates/new?metal=gold&side=buy_back&unit=gram&fineness=750",
    "/pricing/rates/new?metal=cheese",
    "/pricing/history?metal=gold&unit=gram&fineness=750",
    "/pricing/history?metal=gold&market=1",
    "/pricing/history?metal=cheese",
    "/pricing/choices",
    "/pricing/rules",
    "/pricing/rules/new",
    "/pricing/terms",
    "/pricing/buyback",
    "/pricing/quotes/new",
    "/",
)


@pytest.mark.parametrize("market", ["IR", "AE", "IN", "US", "GB"])
def test_every_page_opens_in_an_empty_shop_and_with_rates(
    market: str, new_shop: Callable[..., Shop], signed_in: Callable[..., Browser], clock: SetClock
):
    browser = signed_in(new_shop(market))
    for _turn in ("empty", "with rates"):
        for path in PAGES:
            assert (path, browser.get(path).status_code) == (path, 200)
        set_gram(browser)
        set_gram(browser, "7100000")
        browser.post("/pricing/rules", name="VIP", tier="vip", profit_percent="5", metal="gold", fineness_min="700")


def test_every_page_opens_in_persian(owner: Browser):
    set_gram(owner)
    owner.client.cookies.set("language", "fa")
    for path in PAGES:
        assert (path, owner.get(path).status_code) == (path, 200)
    assert "۷٬۰۰۰٬۰۰۰" in owner.get("/pricing").text


def test_an_employee_sees_rates_and_sets_none(owner: Browser, employee: Browser):
    set_gram(owner)
    board = employee.get("/pricing").text
    assert "7,000,000" in board
    assert "/pricing/rates/new" not in board
    for path in ("/pricing", "/pricing/rules", "/pricing/terms", "/pricing/buyback", "/pricing/quotes/new"):
        assert employee.get(path).status_code == 200
    for path in ("/pricing/rates/new", "/pricing/choices", "/pricing/rules/new"):
        assert employee.get(path).status_code == 403
    assert employee.post("/pricing/rates", value="1", **GRAM).status_code == 403
    assert "7,000,000" in owner.get("/pricing").text


def test_the_board_says_what_is_in_use_and_what_is_old(owner: Browser, clock: SetClock):
    assert "Nothing can be sold by weight before a rate is set." in owner.get("/pricing").text
    set_gram(owner)
    fresh = owner.get("/pricing").text
    assert "In use" in fresh
    assert "Nothing is sold at an old rate" not in fresh
    sell_at_most_an_hour_after(owner)
    clock.advance(timedelta(minutes=61))
    old = owner.get("/pricing").text
    assert "Nothing is sold at an old rate" in old


def test_a_rate_that_cannot_be_is_said_beside_its_field(owner: Browser):
    for value, sentence in (
        ("", "Please fill this in."),
        ("lots", "Please enter a number."),
        ("0", "This must be more than zero."),
        ("-5", "This cannot be negative."),
        ("7" * 30, "This number is too large."),
    ):
        refused = owner.post("/pricing/rates", **{**GRAM, "value": value})
        assert refused.status_code == 400
        assert sentence in refused.text
    assert "Nothing can be sold by weight" in owner.get("/pricing").text


def test_the_history_is_drawn_and_listed(owner: Browser, clock: SetClock):
    for value in ("7000000", "7100000", "7050000"):
        set_gram(owner, value)
        clock.advance(timedelta(minutes=30))
    page = owner.get("/pricing/history", params={**GRAM, "span": "day"}).text
    [drawn] = re.findall(r"data-chart='([^']+)'", page)
    assert json.loads(drawn)["series"][0]["values"][-3:] == [None, 7_100_000, 7_050_000]
    every = page.split("<h2>", 1)[1]
    assert every.index("7,050,000") < every.index("7,100,000") < every.index("7,000,000")
    assert "Down 0.7% since 12 Khordad" in page
    assert "Lowest 7,050,000, highest 7,100,000." in page


def test_a_history_looks_back_a_day_a_week_a_month_or_a_year(owner: Browser, clock: SetClock):
    for month in range(1, 13):
        clock.at = NOW - timedelta(days=30 * (12 - month))
        set_gram(owner, f"{6_000_000 + month * 10_000}")
    lengths = {}
    for span in ("day", "week", "month", "year"):
        [drawn] = re.findall(r"data-chart='([^']+)'", owner.get("/pricing/history", params={**GRAM, "span": span}).text)
        values = json.loads(drawn)["series"][0]["values"]
        lengths[span] = (len(values), len(set(values) - {None}), values[-1])
    assert lengths == {
        "day": (25, 2, 6_120_000),
        "week": (29, 2, 6_120_000),
        "month": (31, 2, 6_120_000),
        "year": (53, 12, 6_120_000),
    }


def test_beside_each_rate_stands_which_pieces_it_prices(owner: Browser, clock: SetClock):
    set_gram(owner)
    assert used(owner) == ["In use"]
    clock.advance(timedelta(minutes=1))
    mazaneh = {"metal": "gold", "side": "sale", "unit": "mesghal", "fineness": "705", "value": "30000000"}
    owner.post("/pricing/rates", **mazaneh)
    assert used(owner) == ["For 750", "For every other fineness"]
    clock.advance(timedelta(minutes=1))
    owner.post("/pricing/rates", **{**mazaneh, "fineness": "750", "value": "32000000"})
    assert used(owner) == ["Not in use", "For 705", "For every other fineness"]


def used(owner: Browser) -> list[str]:
    """What the board says of each rate that is set, whatever the order of its rows."""
    said = re.findall(r'class="badge[^"]*">(?:<svg.*?</svg>)?([^<]+)<', owner.get("/pricing").text, flags=re.S)
    order = ["In use", "Not in use", "For 705", "For 750", "For every other fineness"]
    return sorted((one.strip() for one in said if one.strip() in order), key=order.index)


def test_a_place_is_taken_off_the_board(owner: Browser):
    set_gram(owner)
    assert owner.post("/pricing/rates/leaving", **GRAM).status_code == 303
    assert "7,000,000" not in owner.get("/pricing").text
    assert owner.post("/pricing/rates/leaving", **GRAM).status_code == 404


def test_the_worked_day_is_explained_on_the_page(owner: Browser):
    set_gram(owner)
    said = owner.post("/pricing/quotes", **RING)
    assert said.status_code == 303
    page = owner.get(said.headers["location"]).text
    for figure in ("29,750,000", "5,355,000", "2,457,350", "781,235", "38,343,585", "415", "38,344,000"):
        assert figure in page
    assert "Holds until" in page


def test_a_discount_may_be_left_empty(owner: Browser):
    set_gram(owner)
    assert owner.post("/pricing/quotes", **RING | {"discount[percent]": ""}).status_code == 303


def test_a_quote_goes_home_with_the_customer(owner: Browser):
    set_gram(owner)
    printed = owner.get(owner.post("/pricing/quotes", **RING).headers["location"] + "/pdf")
    assert printed.headers["content-type"] == "application/pdf"
    [page] = PdfReader(io.BytesIO(printed.content)).pages
    text = page.extract_text()
    for words in ("Quote", "Holds until", "Gold 750", "4.250", "29,750,000", "781,235", "38,344,000"):
        assert words in text


def test_a_quote_that_is_over_says_so(owner: Browser, clock: SetClock):
    set_gram(owner)
    where = owner.post("/pricing/quotes", **RING).headers["location"]
    clock.advance(timedelta(minutes=31))
    assert "This price is no longer held" in owner.get(where).text


def test_a_quote_that_cannot_be_meant_keeps_what_was_typed(owner: Browser):
    set_gram(owner)
    refused = owner.post("/pricing/quotes", **RING | {"lines[0][stones_weight]": "5"})
    assert refused.status_code == 400
    assert "A piece of metal weighs more than its stones." in refused.text
    assert 'value="4.250"' in refused.text
    empty = owner.post("/pricing/quotes")
    assert "Please describe at least one piece." in empty.text


def test_a_quote_at_an_old_rate_is_refused_in_a_sentence(owner: Browser, clock: SetClock):
    set_gram(owner)
    sell_at_most_an_hour_after(owner)
    clock.advance(timedelta(minutes=61))
    refused = owner.post("/pricing/quotes", **RING)
    assert (refused.status_code, "The rate for Gold is 1 hour old" in refused.text) == (422, True)


def test_rules_are_written_changed_and_removed(owner: Browser):
    assert owner.post("/pricing/rules", name="VIP", tier="vip", profit_percent="5").status_code == 303
    listed = owner.get("/pricing/rules").text
    address = listed.split('href="/pricing/rules/')[2].split('"')[0] if "new" in listed else ""
    rule = f"/pricing/rules/{address}"
    assert 'value="VIP"' in owner.get(rule).text
    assert owner.post(rule, name="Friends", tier="vip", making="500000/g").status_code == 303
    listed = owner.get("/pricing/rules").text
    assert "Friends" in listed
    assert "500,000 per gram" in listed
    refused = owner.post(rule, name="Friends", making="a lot")
    assert (refused.status_code, "Please write 18%" in refused.text) == (400, True)
    assert owner.post(f"{rule}/removal").status_code == 303
    assert "Friends" not in owner.get("/pricing/rules").text
    assert owner.get(rule).status_code == 404


def test_terms_and_buy_back_are_decided_on_their_pages(owner: Browser):
    set_gram(owner)
    page = owner.get("/pricing/terms").text
    assert "Stones" in page
    usual = {
        "profit_percent": "7", "line_step": "1", "line_mode": "half_up", "tax_step": "1", "tax_mode": "ceil",
        "total_step": "1", "total_mode": "half_up", "carry": "exact",
    }  # fmt: skip
    assert owner.post("/pricing/terms", **usual, **{"taxed[]": "stones"}).status_code == 303
    assert 'value="stones" checked' in owner.get("/pricing/terms").text
    where = owner.post("/pricing/quotes", **RING).headers["location"]
    assert "38,343,585" in owner.get(where).text.split("To pay")[1]
    refused = owner.post("/pricing/terms", **usual | {"total_step": "0.5"})
    assert (refused.status_code, "Please enter a whole number." in refused.text) == (400, True)
    assert (
        owner.post(
            "/pricing/buyback",
            less_percent="0",
            less_permille="15",
            **{"paid[0][fineness]": "750", "paid[0][paid_as]": "735"},
        ).status_code
        == 303
    )
    refused = owner.post("/pricing/buyback", **{"paid[4][fineness]": "750", "paid[4][paid_as]": "760"})
    assert "Old metal is not paid as finer than it is." in refused.text


def test_choices_about_rates_are_checked_by_their_settings(owner: Browser):
    typed = {"rate_age_h": "۱۲", "follow_market": "no", "market_premium_percent": "-1.5", "quote_min": "10"}
    assert owner.post("/pricing/choices", **typed).status_code == 303
    assert "Only our own rates" in owner.get("/pricing").text
    refused = owner.post("/pricing/choices", **typed | {"rate_age_h": "0", "market_premium_percent": "80"})
    assert refused.status_code == 400
    assert "Please enter a whole number from 1 to 720." in refused.text
    assert "Please enter a percentage from -50 to 50." in refused.text


def test_another_shops_rules_and_quotes_are_unknown(
    owner: Browser, signed_in: Callable[..., Browser], new_shop: Callable[..., Shop]
):
    set_gram(owner)
    quote = owner.post("/pricing/quotes", **RING).headers["location"]
    rule = owner.send("POST", "/api/v1/pricing/rules", {"name": "VIP", "profit_percent": "5"}).json()["id"]
    stranger = signed_in(new_shop())
    for path in (quote, f"/pricing/rules/{rule}", f"/api/v1{quote}", f"/api/v1/pricing/rules/{rule}"):
        assert owner.get(path).status_code == 200
        assert stranger.get(path).status_code == 404


# For programs


def test_programs_set_and_read_rates(owner: Browser, clock: SetClock):
    made = owner.send("POST", "/api/v1/pricing/rates", {"value": "7000000.5", "unit": "gram", "fineness": "18K"})
    assert made.status_code == 201
    rate = made.json()
    assert rate | {"id": "", "at": ""} == {
        "id": "", "at": "", "metal": "gold", "side": "sale", "value": "7000000.5", "currency": "IRT", "unit": "gram",
        "fineness": "750", "source": "manual", "stale": False, "used": True,
    }  # fmt: skip
    board = owner.get("/api/v1/pricing/rates").json()
    assert (board["market"], board["currency"], board["rates"]) == ("IR", "IRT", [rate])
    sell_at_most_an_hour_after(owner)
    clock.advance(timedelta(minutes=61))
    [old] = owner.get("/api/v1/pricing/rates").json()["rates"]
    assert old == rate | {"stale": True}
    history = owner.get("/api/v1/pricing/rates/history", params={"unit": "gram", "fineness": "750"}).json()
    assert history == {"rates": [old], "next": None}


def test_programs_get_quotes_with_a_record_that_replays(owner: Browser):
    set_gram(owner)
    asked = {
        "lines": [{"weight": "10", "fineness": "750", "making": "12%"}],
        "exchange": [{"weight": "6.120", "fineness": "750"}],
    }
    made = owner.send("POST", "/api/v1/pricing/quotes", asked)
    assert made.status_code == 201
    quote: dict[str, Any] = made.json()
    assert (quote["total"], quote["exchanged"], quote["rounding"], quote["due"], quote["taxes"]) == (
        "85276800", "42268800", "0", "43008000", {"VAT": "1388800"},
    )  # fmt: skip
    assert quote["exchange"][0]["fine_g"] == "4.5288000"
    assert freeze(replay(quote["record"])) == quote["record"]
    assert owner.get(f"/api/v1/pricing/quotes/{quote['id']}").json() == quote


def test_programs_write_rules_as_they_read_them(owner: Browser, database: Database, shop: Shop, actor: Actor):
    with database.for_shop(shop.id, actor) as uow:
        branch = str(branches.branches(uow)[0].id)
    rule = {
        "name": "VIP", "metal": "gold", "fineness_min": "740", "fineness_max": "760", "category": None,
        "craftsmanship": "hand", "branch": branch, "tier": "vip", "making": "0.5g@750", "profit_percent": "5",
        "markup_percent": None, "price_step": "1000", "price_mode": "ceil",
    }  # fmt: skip
    made = owner.send("POST", "/api/v1/pricing/rules", rule).json()
    assert made == rule | {"id": made["id"]}
    again = owner.send("PUT", f"/api/v1/pricing/rules/{made['id']}", made | {"making": "30 milyem"}).json()
    assert owner.get("/api/v1/pricing/rules").json() == {"rules": [again], "next": None}
    assert owner.send("DELETE", f"/api/v1/pricing/rules/{made['id']}").status_code == 204
    assert owner.get(f"/api/v1/pricing/rules/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": [{"weight": "4.2505", "fineness": "750"}]}, "lines.0.weight"),
        ({"lines": [{"weight": "-1", "fineness": "750"}]}, "lines.0.weight"),
        ({"lines": [{"weight": "4", "fineness": "1001"}]}, "lines.0.fineness"),
        ({"lines": [{"weight": "4"}]}, "lines.0.fineness"),
        ({"lines": [{"fineness": "750"}]}, "lines.0.weight"),
        ({"lines": [{"weight": "4", "fineness": "750", "making": "a lot"}]}, "lines.0.making"),
        ({"lines": [{"weight": "4", "fineness": "750", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"weight": "4", "fineness": "750", "quantity": 200000}]}, "lines.0.quantity"),
        ({"lines": [{"weight": "4", "fineness": "750", "metal": "brass"}]}, "lines.0.metal"),
        ({"lines": [{"weight": "4", "fineness": "750", "fixed_price": "0.5"}]}, "lines.0.fixed_price"),
        ({"lines": [{"weight": "4", "fineness": "750", "branch": "here"}]}, "lines.0.branch"),
        ({"lines": [{"weight": "4", "fineness": "750", "discount": {"percent": 101}}]}, "lines.0.discount.percent"),
        ({"lines": "all"}, "lines"),
        ({"exchange": [{"weight": "0", "fineness": "750"}]}, "exchange.0.weight"),
    ],
)
def test_bad_input_is_named_by_field(owner: Browser, body: dict[str, Any], field: str):
    set_gram(owner)
    refused = owner.send("POST", "/api/v1/pricing/quotes", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [{"weight": "4", "fineness": "750", "discount": {"amount": "99999999999"}}]},
        {"lines": [{"weight": "4", "fineness": "750", "discount": {}}]},
        {"lines": [{"weight": "4", "fineness": "750", "stones": [{"carats": "1"}]}]},
        {"lines": [{"weight": "4", "fineness": "925", "metal": "silver"}]},
        {"lines": [{"weight": "900000", "fineness": "750", "quantity": 99999}]},
        {"lines": [{"making": "18%"}]},
        {"lines": [{"supply": "second_hand"}]},
        {"exchange": [{"weight": "1", "fineness": "999", "stones_weight": "1"}]},
    ],
)
def test_a_broken_rule_is_a_sentence(owner: Browser, body: dict[str, Any]):
    set_gram(owner)
    refused = owner.send("POST", "/api/v1/pricing/quotes", body)
    assert refused.status_code == 422
    assert refused.json()["title"].endswith(".")


@pytest.mark.parametrize("path", ["/api/v1/pricing/rates/history", "/api/v1/pricing/rates/history?unit=cup&fineness=0"])
def test_a_place_that_cannot_be_is_refused(owner: Browser, path: str):
    assert owner.get(path).status_code == 400


def test_a_list_of_rules_costs_the_same_statements_with_one_and_with_three(owner: Browser, statements):
    counts = []
    owner.get("/pricing/rules")  # what is kept with the shop is read once
    for number in range(3):
        owner.send("POST", "/api/v1/pricing/rules", {"name": f"Rule {number}", "profit_percent": "5"})
        if number != 1:
            with statements.counted() as sent:
                assert owner.get("/pricing/rules").status_code == 200
            counts.append(len(sent))
    assert counts[0] == counts[1]


def test_prices_that_were_said_are_listed_by_their_days_and_leave_as_a_file(owner: Browser) -> None:
    assert "No price was said yet" in owner.get("/pricing/quotes").text
    set_gram(owner)
    said = owner.post("/pricing/quotes", **RING)
    listed = owner.get("/pricing/quotes?period=today").text
    assert (said.headers["location"] in listed, "Gold 750 4.250" in listed, "<bdi>1</bdi> item" in listed) == (
        True,
        True,
        True,
    )
    assert "Nothing fits" in owner.get("/pricing/quotes?period=yesterday").text
    rows = owner.get("/pricing/quotes/export").text.splitlines()
    assert (len(rows), "Gold 750 4.250" in rows[1]) == (2, True)
    assert len(owner.get("/pricing/quotes/export?period=yesterday").text.splitlines()) == 1


def test_the_list_of_prices_asks_the_same_for_one_and_for_three(owner: Browser, statements: Any) -> None:
    set_gram(owner)
    counts = []
    for _ in range(3):
        owner.get("/pricing/quotes")
        with statements.counted() as sent:
            owner.get("/pricing/quotes")
        counts.append(len(sent))
        owner.post("/pricing/quotes", **RING)
    assert len(set(counts)) == 1
