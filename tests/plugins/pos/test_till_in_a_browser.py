"""The till in a real browser, under the real content policy: with scanner and keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette

from tests.plugins.browser import Browser
from tests.plugins.pos.conftest import Counter
from tests.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def tab_of(chromium: Any, address: str, signed_in: Callable[..., Browser]) -> Callable[..., Any]:
    """A tab of somebody signed in; it fails the test when the page complains (a broken policy, a script error)."""

    @contextmanager
    def opened(counter: Counter, *, scripts: bool = True) -> Iterator[Any]:
        client = signed_in(counter.shop).client
        context = chromium.new_context(
            base_url=address, viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(5000)
        session = client.cookies.get("goldsmith")
        context.add_cookies([{"name": "goldsmith", "value": session, "url": address}])
        tab = context.new_page()
        complaints: list[str] = []
        tab.complain = lambda said: complaints.append(said.text) if said.type == "error" else None
        tab.on("console", tab.complain)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        yield tab
        context.close()
        assert complaints == []

    return opened


@pytest.fixture
def dubai(open_counter: Callable[..., Counter], new_shop: Callable[..., Any]) -> Counter:
    return open_counter(new_shop("AE", name="Dubai Gold"), "300.00", "916")


def scan(tab: Any, code: str, lines: int) -> None:
    """As a scanner does: it types wherever the focus is, and presses Enter."""
    expect(tab.locator("[data-scan][data-htmx-powered]")).to_have_count(1)
    tab.keyboard.type(code)
    tab.keyboard.press("Enter")
    expect(tab.locator(".sale__line")).to_have_count(lines)
    expect(tab.locator("[data-scan]")).to_have_value("")


def test_a_sale_with_a_scanner_and_a_keyboard_alone_loads_no_page(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    coins = dubai.takes_in("8.133", "3", 22, name="Coin", quantity=5, sku="C-20")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        tab.evaluate("window.stayed = true")
        expect(tab.locator("[data-scan]")).to_be_focused()
        scan(tab, "R-1001", 1)
        scan(tab, "C-20", 2)
        scan(tab, "C-20", 2)
        expect(tab.locator(".facts__total dd")).to_have_text("AED\xa06,570.95")
        tab.keyboard.press("F2")
        expect(tab.locator("[name=pay_amount]")).to_be_focused()
        tab.keyboard.type("570.95")
        tab.keyboard.press("F8")
        expect(tab.locator("[name=pay_amount]")).to_have_value("6,000.00")
        tab.keyboard.type("7000")
        expect(tab.locator("[name=pay_amount]")).to_have_value("7,000")
        tab.keyboard.press("F4")
        expect(tab.locator(".pay__change")).to_contain_text("AED\xa01,000.00")
        tab.keyboard.press("F2")
        expect(tab.get_by_role("heading", name="Sale 1 is complete")).to_be_visible()
        assert tab.evaluate("window.stayed")
        tab.keyboard.press("F2")
        expect(tab.locator("[data-scan]")).to_be_focused()
    assert dubai.stock(coins) == 3


def test_what_is_typed_is_sought_and_a_changed_discount_prices_again(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    dubai.takes_in("6.100", "12", name="Ring Mina", sku="R-1002")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        expect(tab.locator("[data-scan][data-htmx-powered]")).to_be_focused()
        tab.keyboard.type("ring")
        tab.get_by_role("button", name="Ring Toranj").click()
        expect(tab.locator(".facts__total dd")).to_have_text("AED\xa01,293.44")
        tab.keyboard.press("F8")
        tab.keyboard.type("10%")
        tab.keyboard.press("Tab")
        expect(tab.locator(".facts__total dd")).to_have_text("AED\xa01,164.09")
        expect(tab.locator("[data-scan]")).to_be_focused()


def test_a_refusal_is_said_on_the_till_and_leaves_the_cart(dubai, tab_of):
    ring = dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        scan(tab, "R-1001", 1)
        tab.keyboard.press("F2")
        expect(tab.locator("[name=pay_amount]")).to_be_focused()
        tab.keyboard.press("F4")
        expect(tab.get_by_role("button", name="Complete")).to_be_focused()
        dubai.sells(ring)
        # The browser itself notes the answer 409 on its console.
        tab.remove_listener("console", tab.complain)
        tab.keyboard.press("F2")
        expect(tab.get_by_role("alert")).to_contain_text("“Ring Toranj” is not in stock any more.")
        expect(tab.locator(".sale__line")).to_have_count(1)


def test_in_persian_a_sale_reads_from_right_to_left(counter, tab_of):
    counter.takes_in("4.250", "18", name="انگشتر ترنج", sku="R-1")
    with tab_of(counter) as tab:
        tab.goto("/pos")
        scan(tab, "R-1", 1)
        scanned, sale = tab.locator("[data-scan]").bounding_box(), tab.locator(".sale").bounding_box()
        assert sale["x"] < scanned["x"]
        expect(tab.locator(".facts__total dd")).to_contain_text("۳۸٬۳۴۴٬۰۰۰")
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_scripts_buttons_do_the_same(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    with tab_of(dubai, scripts=False) as tab:
        tab.goto("/pos")
        tab.locator("[data-scan]").fill("R-1001")
        tab.locator("[data-scan]").press("Enter")
        tab.get_by_role("button", name="Pay").click()
        tab.get_by_role("button", name="Cash").click()
        tab.get_by_role("button", name="Complete").click()
        expect(tab.get_by_role("heading", name="Sale 1 is complete")).to_be_visible()


def test_amounts_get_separators_and_the_pages_digits_while_they_are_typed(counter, tab_of):
    counter.takes_in("4.250", "18", sku="R-1")
    with tab_of(counter) as tab:
        tab.goto("/pos")
        scan(tab, "R-1", 1)
        tab.keyboard.press("F2")
        amount = tab.locator("[name=pay_amount]")
        expect(amount).to_have_value("۳۸٬۳۴۴٬۰۰۰")
        tab.keyboard.type("3000000")
        expect(amount).to_have_value("۳٬۰۰۰٬۰۰۰")
        for _ in range(3):
            tab.keyboard.press("ArrowLeft")
        tab.keyboard.type("۴")
        expect(amount).to_have_value("۳۰٬۰۰۴٬۰۰۰")
        tab.keyboard.press("F8")
        expect(amount).to_have_value("۸٬۳۴۰٬۰۰۰")


def test_found_pieces_are_walked_with_arrows_and_escape_comes_back(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    dubai.takes_in("6.100", "12", name="Ring Mina", sku="R-1002")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        expect(tab.locator("[data-scan][data-htmx-powered]")).to_be_focused()
        tab.keyboard.type("ring")
        expect(tab.locator("#found button")).to_have_count(2)
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowDown")
        expect(tab.locator("#found button").nth(1)).to_be_focused()
        tab.keyboard.press("Escape")
        expect(tab.locator("[data-scan]")).to_be_focused()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Enter")
        expect(tab.locator(".sale__line")).to_have_count(1)
        expect(tab.locator("[data-hears]")).to_contain_text("Total: AED")


def test_a_cart_goes_on_hold_and_comes_back_by_keys_alone(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    dubai.takes_in("6.100", "12", name="Ring Mina", sku="R-1002")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        scan(tab, "R-1001", 1)
        tab.keyboard.press("F9")
        expect(tab.locator(".sale__line")).to_have_count(0)
        scan(tab, "R-1002", 1)
        tab.keyboard.press("Shift+F9")
        expect(tab.get_by_role("button", name="Ring Toranj")).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.locator(".sale__what")).to_contain_text("Ring Toranj")
        expect(tab.locator(".till__count")).to_have_text("1")


def test_a_step_that_finds_no_connection_waits_and_goes_on_by_itself(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    dubai.takes_in("6.100", "12", name="Ring Mina", sku="R-1002")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        scan(tab, "R-1001", 1)
        # The browser itself notes on its console what it could not send.
        tab.remove_listener("console", tab.complain)
        tab.context.set_offline(True)
        tab.keyboard.type("R-1002")
        tab.keyboard.press("Enter")
        expect(tab.locator("[data-offline]")).to_be_visible()
        expect(tab.locator(".sale__line")).to_have_count(1)
        tab.context.set_offline(False)
        expect(tab.locator(".sale__line")).to_have_count(2, timeout=10_000)
        expect(tab.locator("[data-online]")).to_be_visible()


def test_what_lies_on_the_counter_survives_a_reload(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        scan(tab, "R-1001", 1)
        tab.reload()
        expect(tab.locator(".sale__what")).to_contain_text("Ring Toranj")
        tab.get_by_role("link", name="Start again").click()
        expect(tab.locator(".sale__empty")).to_be_visible()
        tab.reload()
        expect(tab.locator(".sale__empty")).to_be_visible()


def test_at_360_px_every_target_is_large_and_nothing_is_wider_than_the_page(dubai, tab_of):
    dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    with tab_of(dubai) as tab:
        tab.set_viewport_size({"width": 360, "height": 740})
        tab.goto("/pos")
        scan(tab, "R-1001", 1)
        pay = tab.get_by_role("button", name="Pay").bounding_box()
        assert pay["y"] + pay["height"] <= 740
        small = """() => [...document.querySelectorAll("#till :is(button, summary.button, .input)")]
            .filter((one) => one.getClientRects().length && !one.classList.contains("visually-hidden"))
            .map((one) => [one.textContent.trim() || one.name, Math.round(one.getBoundingClientRect().height)])
            .filter(([, height]) => height < 48)"""
        assert tab.evaluate(small) == []
        tab.keyboard.press("F2")
        expect(tab.locator("[name=pay_amount]")).to_be_focused()
        assert tab.evaluate(small) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
