"""The frame in a real browser, under the real policy: what changes is seen, and anything is found by keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from starlette.applications import Starlette

from adapters.signals.memory import MemorySignals
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in
from tests.serving import serving
from web.app import build
from web.forms import validate
from web.house import House

__all__ = ["app", "browser", "signed_in"]

pytestmark = pytest.mark.browser

SOON_S = 5.0


@pytest.fixture(scope="module")
def telling(engines: tuple[Engine, Engine], _database: Database, plugins: Plugins) -> Database:
    return Database(*engines, _database.clock, plugins, MemorySignals())


@pytest.fixture(scope="module")
def served(telling: Database) -> Iterator[tuple[str, Starlette]]:
    signals = telling._signals
    application = build(
        House(telling, telling.plugins, "localhost", production=False, threads=4, ready=list, signals=signals)
    )
    with serving(application, lifespan="on") as address:
        yield address, application
        application.state.live.stop()


@pytest.fixture
def tab_of(
    chromium: Any, served: tuple[str, Starlette], signed_in: Callable[..., Browser], database: Database
) -> Callable[..., Any]:
    """A tab of somebody signed in; it fails the test when the page complains (a broken policy, a script error)."""

    @contextmanager
    def opened(shop: Shop, *, scripts: bool = True, language: str = "en", width: int = 1280) -> Iterator[Any]:
        address, _application = served
        session = signed_in(shop).client.cookies.get("goldsmith")
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            has_touch=width < 600,
        )
        context.set_default_timeout(5000)
        cookies = {"goldsmith": session, "language": language}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        tab = context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda fault: complaints.append(str(fault)))
        yield tab
        context.close()
        assert complaints == []

    return opened


@pytest.fixture
def sets(telling: Database, shop: Shop, actor: Actor) -> Callable[[str], None]:
    def rate(value: str) -> None:
        with telling.for_shop(shop.id, actor) as uow:
            set_rate(uow, validate(RateForm, {"value": value, "unit": "gram", "fineness": "750"}))

    return rate


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SOON_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((seen) => {
    for (const one of seen.getEntries()) window.shifted += one.value;
}).observe({ type: 'layout-shift', buffered: false }); }"""


def test_a_new_rate_is_seen_at_once_and_nothing_moves(tab_of, shop, sets, served):
    sets("7000000")
    with tab_of(shop) as tab:
        tab.goto("/branches")
        until(lambda: open_streams(served, shop) == 1)
        tab.evaluate(SHIFTS)
        expect(tab.locator(".rate__price b")).to_have_text("7,000,000")
        sets("7105000")
        expect(tab.locator(".rate__price b")).to_have_text("7,105,000")
        sets("7000500")
        expect(tab.locator(".rate__price b")).to_have_text("7,000,500")
        assert tab.evaluate("window.shifted") == 0


def open_streams(served: tuple[str, Starlette], shop: Shop) -> int:
    return len(served[1].state.live._streams.get(shop.id, ()))


HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hidden_tab_holds_no_stream_and_catches_up_when_it_is_seen_again(tab_of, shop, sets, served):
    sets("7000000")
    with tab_of(shop) as tab:
        tab.goto("/branches")
        until(lambda: open_streams(served, shop) == 1)
        tab.evaluate(HIDE, True)
        until(lambda: open_streams(served, shop) == 0)
        sets("7200000")
        expect(tab.locator(".rate__price b")).to_have_text("7,000,000")
        tab.evaluate(HIDE, False)
        expect(tab.locator(".rate__price b")).to_have_text("7,200,000")


def test_a_page_that_is_left_leaves_no_stream(tab_of, shop, served):
    with tab_of(shop) as tab:
        for path in ("/branches", "/users", "/pricing"):
            tab.goto(path)
            until(lambda: open_streams(served, shop) == 1)
    until(lambda: open_streams(served, shop) == 0)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_page_is_found_by_keyboard_alone(tab_of, shop, language):
    with tab_of(shop, language=language) as tab:
        tab.goto("/branches")
        tab.keyboard.press("Control+k")
        field = tab.get_by_role("combobox")
        expect(field).to_be_focused()
        tab.keyboard.type("peo")
        expect(tab.locator("#palette [role=option]").first).to_have_attribute("href", "/users")
        chosen = tab.locator('[role="option"][aria-selected="true"]')
        assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/users")
        tab.keyboard.press("Control+k")
        expect(tab.locator("#palette [role=option]").first).to_have_attribute("href", "/users")  # where one was


def test_arrows_walk_round_and_escape_gives_the_focus_back(tab_of, shop):
    with tab_of(shop) as tab:
        tab.goto("/branches")
        tab.locator("[data-palette]").focus()
        tab.keyboard.press("Enter")
        options = tab.get_by_role("option")
        expect(options.first).to_have_attribute("aria-selected", "true")
        tab.keyboard.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        tab.keyboard.press("Escape")
        expect(tab.locator("#palette")).to_be_hidden()
        expect(tab.locator("[data-palette]")).to_be_focused()


def test_what_is_not_there_is_said_so(tab_of, shop):
    with tab_of(shop) as tab:
        tab.goto("/branches")
        tab.keyboard.press("Control+k")
        expect(tab.get_by_role("option").first).to_be_visible()
        tab.keyboard.type("zzzz")
        expect(tab.locator("#palette [role=status]")).to_have_text("Nothing found")
        expect(tab.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def slowly(route: Any) -> None:
    time.sleep(1)
    route.continue_()


def test_only_the_last_of_what_was_typed_is_shown(tab_of, shop):
    """A slow answer to the first letters must not replace the answer to all of them."""
    with tab_of(shop) as tab:
        tab.goto("/branches")
        tab.route("**/search?text=peo", slowly)
        tab.keyboard.press("Control+k")
        expect(tab.get_by_role("option").first).to_be_visible()
        tab.keyboard.type("peo")
        tab.wait_for_timeout(300)
        tab.get_by_role("combobox").fill("branch")
        expect(tab.get_by_role("option").first).to_have_text("Branches")
        tab.wait_for_timeout(1200)
        expect(tab.get_by_role("option").first).to_have_text("Branches")


def test_the_keys_of_the_page_are_told(tab_of, shop):
    with tab_of(shop) as tab:
        tab.goto("/branches")
        tab.keyboard.press("?")
        expect(tab.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Ctrl K")
        tab.keyboard.press("Escape")
        tab.keyboard.press("Control+k")
        tab.keyboard.type("?")
        expect(tab.locator("#shortcuts")).to_be_hidden()


def test_at_the_till_they_are_told_from_the_empty_scan_field_too(tab_of, shop):
    with tab_of(shop) as tab:
        tab.goto("/pos")
        scan = tab.locator("[data-scan]")
        expect(scan).to_be_focused()
        scan.fill("RING")
        tab.keyboard.type("?")
        expect(tab.locator("#shortcuts")).to_be_hidden()
        scan.fill("")
        tab.keyboard.press("?")
        told = tab.get_by_role("dialog", name="Keyboard shortcuts")
        expect(told).to_contain_text("Pay, then complete, then a new sale")
        expect(told.locator("dl").first.locator("kbd")).to_have_text(["F2", "F4", "F8", "F9", "Shift F9", "↓", "Esc"])
        tab.keyboard.press("Escape")
        expect(scan).to_be_focused()
        assert scan.input_value() == ""


def test_who_sorts_a_list_by_keyboard_stands_at_the_same_head(tab_of, shop):
    with tab_of(shop) as tab:
        tab.goto("/users")
        tab.locator("th .sort").first.focus()
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/users?sort=-name")
        expect(tab.locator("th .sort").first).to_be_focused()


def test_on_a_phone_a_table_shows_that_it_goes_on(tab_of, shop):
    edge = "getComputedStyle(document.querySelector('.table-wrap'), '::after').opacity"
    with tab_of(shop, width=360) as tab:
        tab.goto("/users")
        assert tab.evaluate(edge) == "1"
        tab.evaluate("document.querySelector('.table-wrap').scrollLeft = 10000")
        tab.wait_for_function(f"{edge} === '0'")
    with tab_of(shop, width=1440) as tab:
        tab.goto("/users")
        assert tab.evaluate(edge) == "0"


def test_on_a_phone_the_tab_at_hand_is_in_sight(tab_of, shop):
    with tab_of(shop, width=360) as tab:
        tab.goto("/books/proof")
        tab.wait_for_load_state()
        bar, here = (tab.locator(one).bounding_box() for one in (".tabs", ".tabs [aria-current]"))
        assert bar["x"] <= here["x"]
        assert here["x"] + here["width"] <= bar["x"] + bar["width"] + 1


def test_on_a_phone_a_button_opens_it_over_the_whole_page(tab_of, shop):
    with tab_of(shop, width=360) as tab:
        tab.goto("/branches")
        tab.locator("[data-palette]").click()
        box = tab.locator("#palette").bounding_box()
        assert (box["x"], box["width"]) == (0, 360)


def test_without_scripts_the_field_leads_to_the_page_of_the_search(tab_of, shop):
    with tab_of(shop, scripts=False) as tab:
        tab.goto("/branches")
        tab.locator("[data-palette]").click()
        tab.wait_for_url("**/search")
        tab.locator('main input[name="text"]').fill("branches")
        tab.keyboard.press("Enter")
        expect(tab.locator("main")).to_contain_text("Branches")


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [360, 600, 900, 1440, 2560])
def test_the_frame_fits_at_every_width(tab_of, shop, sets, language, width):
    sets("7000000")
    with tab_of(shop, language=language, width=width) as tab:
        tab.goto("/users")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        bar = tab.locator(".top").bounding_box()
        assert bar["height"] < 80
