"""Waiting and errors in a real browser: nothing that was typed is lost, nothing is sent twice, work is found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette

from kernel import work
from kernel.ids import new_id
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.pos.test_till_in_a_browser import address

__all__ = ["address"]

pytestmark = pytest.mark.browser


@pytest.fixture
def takes_on(database: Database, shop: Shop, actor: Actor) -> Callable[[str], str]:
    """Somebody works in the shop from now on, and signs in with this address."""

    def taken_on(name: str) -> str:
        email = f"{name}-{new_id()}@example.com".lower()
        with database.for_shop(shop.id, actor) as uow:
            add_user_with_password(uow, NewUserForm(name=name, email=email, role="owner"), PASSWORD)
        return email

    return taken_on


@pytest.fixture
def email(takes_on: Callable[[str], str]) -> str:
    """Sara's, who owns the shop."""
    return takes_on("Sara")


@pytest.fixture
def tab(chromium: Any, address: str, app: Starlette, email: str) -> Iterator[Any]:
    sara = Browser(app)
    sara.sign_in(email, PASSWORD)
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    context.add_cookies(
        [
            {"name": "goldsmith", "value": sara.client.cookies.get("goldsmith"), "url": address},
            {"name": "language", "value": "en", "url": address},
        ]
    )
    yield context.new_page()
    context.close()


def test_a_form_that_met_the_end_of_the_session_is_filled_in_again_after_signing_in(tab, email):
    tab.goto("/inventory/new")
    tab.locator("[name=sku]").fill("R-77")
    tab.locator("[name=name]").fill("Ring of Yalda")
    tab.context.clear_cookies(name="goldsmith")
    tab.locator("main form .button--primary").last.click()
    tab.wait_for_url("**/login?next=/inventory/new")
    tab.locator("[name=email]").fill(email)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/inventory/new")
    expect(tab.locator("[name=sku]")).to_have_value("R-77")
    expect(tab.locator("[name=name]")).to_have_value("Ring of Yalda")
    expect(tab.locator("#toasts")).to_contain_text("What you typed is filled in again.")
    tab.goto("/inventory/new")
    expect(tab.locator("[name=sku]")).to_have_value("")


def test_what_one_person_typed_is_not_filled_in_for_the_next_at_the_same_device(tab, takes_on):
    tab.goto("/inventory/new")
    tab.locator("[name=sku]").fill("R-77")
    tab.locator("[name=name]").fill("Ring of Yalda")
    tab.context.clear_cookies(name="goldsmith")
    tab.locator("main form .button--primary").last.click()
    tab.wait_for_url("**/login?next=/inventory/new")
    # They share a name, and no more.
    tab.locator("[name=email]").fill(takes_on("Sara"))
    tab.locator("[name=password]").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/inventory/new")
    expect(tab.locator("[name=sku]")).to_have_value("")
    assert tab.evaluate("sessionStorage.getItem('draft')") is None


def test_a_lost_line_says_so_and_tries_again(tab):
    tab.goto("/inventory")
    tab.context.set_offline(True)
    tab.locator("#filters [name=text]").fill("ring")
    expect(tab.locator("[data-lost]")).to_contain_text("What you typed is still here.")
    expect(tab.locator("#filters [name=text]")).to_have_value("ring")
    tab.context.set_offline(False)
    tab.locator("[data-tries-again]").click()
    tab.wait_for_url("**text=ring**")
    expect(tab.locator("[data-lost]")).to_have_count(0)


def test_a_page_of_a_proxy_is_never_put_into_ours(tab):
    tab.goto("/inventory")
    tab.route("**/inventory?**", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    tab.locator("#filters [name=text]").fill("ring")
    expect(tab.locator("[data-lost]")).to_be_visible()
    expect(tab.get_by_text("Bad Gateway")).to_have_count(0)


def test_a_form_pressed_twice_is_sent_once(tab, shop, database, actor):
    tab.goto("/books/proof")
    tab.evaluate(
        "() => { const b = document.querySelector('[action=\"/books/proof\"] button'); b.click(); b.click(); }"
    )
    tab.wait_for_url("**/tasks/**")
    with database.for_shop(shop.id, actor) as uow:
        assert work.count(uow) == 1


def test_work_is_followed_on_its_page_until_it_is_done(tab, shop, database, actor, deliver_all):
    tab.goto("/books/proof")
    tab.locator('form[action="/books/proof"] button').first.click()
    tab.wait_for_url("**/tasks/**")
    expect(tab.locator("main progress")).to_be_visible()
    expect(tab.locator(".top__unread")).to_have_text("1")
    deliver_all()
    expect(tab.locator("main")).to_contain_text("It is done")
    tab.locator(".bell summary").click()
    expect(tab.locator("#bell-lines .bell__line").last).to_contain_text("Proving the books")
    tab.goto("/books/proof")
    expect(tab.locator(".top__unread")).to_have_count(0)
