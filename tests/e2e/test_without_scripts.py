"""With scripts switched off in the browser: signing in, a list, and a form with an error work as pages always did."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import expect

from tests.e2e.installation import PASSWORD, email
from tests.e2e.person import Person, amount
from tests.e2e.tab import Tab


def test_signing_in_a_list_and_a_form(open_tab: Callable[..., AbstractContextManager[Tab]], language: str):
    with open_tab(language, None, java_script_enabled=False) as tab:
        owner = Person(tab, language)
        owner.opens("/sales")
        owner.is_at("/login")
        owner.types({"email": email(language), "password": PASSWORD})
        owner.presses("Sign in")
        owner.is_at("/sales")
        rows = owner.page.locator("tbody tr")
        first = rows.first.inner_text()
        owner.page.get_by_role("link", name=owner.word("Next page")).click()
        owner.page.wait_for_url("**page=2**")
        expect(rows.first).not_to_have_text(first)

        owner.opens("/inventory")
        some = rows.nth(2).locator("td").nth(1).inner_text()
        owner.types({"text": some})
        owner.page.get_by_role("search").last.get_by_role("button", name=owner.word("Show")).click()
        expect(rows.first).to_contain_text(some)
        owner.page.get_by_role("columnheader", name=owner.word("Net g")).get_by_role("link").click()
        owner.page.wait_for_url("**sort=net**")
        weights = [amount(cell) for cell in owner.page.locator("tbody td.number:nth-child(5)").all_inner_texts()]
        assert weights == sorted(weights)

        owner.opens("/inventory/new")
        owner.types({"name": some, "gross": "a lot"})
        with owner.refused(400, 422):
            owner.presses("Add item")
            expect(owner.page.get_by_role("alert")).to_be_visible()
        expect(owner.page.locator("[name=name]")).to_have_value(some)
        expect(owner.page.locator("[name=gross]")).to_have_attribute("aria-invalid", "true")
        owner.page.get_by_role("alert").get_by_role("link").first.click()
        assert "#f-" in owner.page.url
