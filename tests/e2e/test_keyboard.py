"""The keyboard alone: no test here moves a pointer. Wherever the focus goes, it is seen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.e2e.installation import PASSWORD, email
from tests.e2e.person import Person, amount
from tests.e2e.tab import Tab
from tests.e2e.test_journeys import takes_in

#: As large as it is, and twice: a desk of 1280 pixels at 200 % has room for 640.
ZOOMS: dict[str, dict[str, Any]] = {
    "100%": {"viewport": ViewportSize(width=1280, height=900)},
    "200%": {"viewport": ViewportSize(width=640, height=450), "device_scale_factor": 2},
}

STEPS_MOST = 120

FOCUS = """() => {
  const one = document.activeElement;
  const looks = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    what: `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.trim().slice(0, 40)}`,
    isSomewhere: one !== document.body,
    isRinged: one.matches(":focus-visible") && looks.outlineStyle !== "none" && parseFloat(looks.outlineWidth) >= 2,
    isInSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


class Typist(Person):
    """Has no mouse."""

    def steps_to(self, wanted: Locator) -> None:
        """With the tab key; every stop on the way is seen."""
        for _step in range(STEPS_MOST):
            if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.sees_where_it_is()
        raise AssertionError(f"{wanted} is not reached by the keyboard")

    def sees_where_it_is(self) -> None:
        focus = self.page.evaluate(FOCUS)
        # Behind the last stop the browser's own bar has the focus.
        assert not focus["isSomewhere"] or (focus["isRinged"] and focus["isInSight"]), focus

    def chooses(self, text: str) -> None:
        """A button or a link of the page."""
        self.steps_to(self.button(text))
        self.page.keyboard.press("Enter")

    def hears(self, said: str) -> None:
        """From a part of the page that is read out when it changes."""
        live = self.page.locator("[aria-live], [role=status], [role=alert], output").filter(has_text=said)
        expect(live.first).to_be_attached()


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_whole_sale_from_the_door_to_the_receipt(
    open_tab: Callable[..., AbstractContextManager[Tab]], language: str, zoom: str
):
    with open_tab(language) as tab:
        ring = takes_in(Person(tab, language))
    with open_tab(language, None, **ZOOMS[zoom]) as tab:
        seller = Typist(tab, language)
        keyboard = seller.page.keyboard
        seller.opens("/pos")
        seller.is_at("/login")
        seller.steps_to(seller.page.locator("[name=email]"))
        keyboard.type(email(language, "employee"))
        seller.steps_to(seller.page.locator("[name=password]"))
        keyboard.type(PASSWORD)
        keyboard.press("Enter")
        seller.is_at("/pos")

        # The scan field has the focus when the page comes.
        expect(seller.page.locator("[data-scan]")).to_be_focused()
        seller.sees_where_it_is()
        expect(seller.page.locator("[data-scan][data-htmx-powered]")).to_have_count(1)
        keyboard.type(ring.sku)
        keyboard.press("Enter")
        expect(seller.page.locator(".sale__line")).to_have_count(1)
        total = seller.page.locator(".facts__total dd")
        seller.hears(total.inner_text())
        seller.sees_where_it_is()
        seller.chooses("Pay")
        expect(seller.page.locator("[name=pay_amount]")).to_be_focused()
        seller.sees_where_it_is()
        seller.chooses("Cash")
        expect(seller.button("Complete")).to_be_focused()
        seller.sees_where_it_is()
        due = amount(total.inner_text())
        keyboard.press("Enter")
        receipt = seller.page.locator(".receipt")
        expect(receipt).to_contain_text(ring.name)
        assert amount(receipt.locator(".receipt__total strong").nth(1).inner_text()) == due
        expect(seller.button("New sale")).to_be_focused()
        seller.sees_where_it_is()
        keyboard.press("Enter")
        expect(seller.page.locator("[data-scan]")).to_be_focused()


def test_the_first_stop_leads_past_the_menu(open_tab: Callable[..., AbstractContextManager[Tab]], language: str):
    with open_tab(language) as tab:
        owner = Typist(tab, language)
        owner.opens("/inventory")
        owner.page.keyboard.press("Tab")
        skip = owner.page.get_by_role("link", name=owner.word("Skip to the content"))
        expect(skip).to_be_focused()
        owner.sees_where_it_is()
        owner.page.keyboard.press("Enter")
        expect(owner.main).to_be_focused()
        owner.page.keyboard.press("Tab")
        assert owner.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_dialog_holds_the_keyboard_and_gives_it_back(
    open_tab: Callable[..., AbstractContextManager[Tab]], language: str
):
    with open_tab(language) as tab:
        owner = Typist(tab, language)
        owner.opens("/sales")
        owner.page.locator("tbody tr a").first.focus()
        owner.page.keyboard.press("Enter")
        owner.is_at("/sales/*")
        opener = owner.button("Void this sale")
        owner.steps_to(opener)
        owner.page.keyboard.press("Enter")
        dialog = owner.page.get_by_role("alertdialog")
        expect(dialog).to_be_visible()
        for _step in range(6):
            owner.page.keyboard.press("Tab")
            outside = "!document.querySelector('dialog[open]').contains(document.activeElement)"
            assert not owner.page.evaluate(f"document.activeElement !== document.body && {outside}")
        owner.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
