"""The till in a real browser, under the real content policy: with a scanner and a keyboard alone, and without scripts."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright
from starlette.applications import Starlette

from tests.plugins.browser import Browser
from tests.plugins.pos.conftest import Counter

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) to sell in a browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def tab_of(chromium: Any, address: str, signed_in: Callable[..., Browser]) -> Callable[..., Any]:
    """A tab of somebody signed in; it fails the test when the page complains (a broken policy, a script error)."""

    @contextmanager
    def opened(counter: Counter, *, scripts: bool = True) -> Iterator[Page]:
        client = signed_in(counter.shop).client
        context = chromium.new_context(
            base_url=address, viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(5000)
        session = client.cookies.get("goldsmith")
        context.add_cookies([{"name": "goldsmith", "value": session, "url": address}])
        tab = context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        yield tab
        context.close()
        assert complaints == []

    return opened


@pytest.fixture
def dubai(open_counter: Callable[..., Counter], new_shop: Callable[..., Any]) -> Counter:
    return open_counter(new_shop("AE", name="Dubai Gold"), "300.00", "916")


def test_look(dubai, counter, tab_of):
    ring = dubai.takes_in("4.250", "18", name="Ring Toranj", sku="R-1001")
    dubai.takes_in("6.100", "12", name="Ring Mina", sku="R-1002")
    coins = dubai.takes_in("8.133", "3", 22, name="Coin Bahar", quantity=5, sku="C-20")
    with tab_of(dubai) as tab:
        tab.goto("/pos")
        tab.screenshot(path="/tmp/s1.png")
        tab.keyboard.type("ring")
        expect(tab.get_by_role("cell", name="Ring Mina", exact=True)).to_be_visible()
        tab.screenshot(path="/tmp/s2.png")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("R-1001")
        tab.keyboard.press("Enter")
        expect(tab.locator(".sale__line")).to_have_count(1)
        for _i in range(2):
            tab.keyboard.type("C-20")
            tab.keyboard.press("Enter")
            expect(tab.locator(".sale__line")).to_have_count(2)
            time.sleep(0.3)
        tab.screenshot(path="/tmp/s3.png", full_page=True)
        tab.locator("summary").nth(2).click()
        tab.screenshot(path="/tmp/s4.png", full_page=True)
        tab.keyboard.press("F2")
        expect(tab.get_by_text("Amount still to be paid")).to_be_visible()
        tab.screenshot(path="/tmp/s5.png", full_page=True)
        tab.keyboard.type("10000")
        tab.keyboard.press("F6")
        expect(tab.get_by_text("Change", exact=True)).to_be_visible()
        tab.screenshot(path="/tmp/s6.png", full_page=True)
        tab.keyboard.press("F2")
        expect(tab.get_by_text("is complete")).to_be_visible()
        tab.screenshot(path="/tmp/s7.png", full_page=True)
        tab.goto("/")
        tab.screenshot(path="/tmp/s8.png", full_page=True)
        tab.goto("/sales")
        tab.screenshot(path="/tmp/s9.png", full_page=True)
