"""The list of the stock in a real browser: kept views, rows ticked by mouse and keyboard, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from plugins.branches.public import branches
from plugins.inventory.actions.add import add
from tests.plugins.inventory.conftest import a_ring
from tests.plugins.pos.test_till_in_a_browser import address, tab_of

__all__ = ["address", "tab_of"]

pytestmark = pytest.mark.browser


class Shopped:
    """What `tab_of` wants to know of a shop."""

    def __init__(self, shop):
        self.shop = shop


@pytest.fixture
def stocked(database, actor, new_shop):
    """A shop in Dubai with four rings."""
    shop = new_shop("AE", name="Dubai Gold")
    with database.for_shop(shop.id, actor) as uow:
        branch = branches(uow)[0].id
        for number in range(4):
            add(uow, a_ring(branch, sku=f"B-{number}", name=f"Ring {number}"))
    return Shopped(shop)


def shown(tab):
    return tab.locator("tbody tr td:nth-child(2)").all_inner_texts()


def test_a_list_is_kept_begins_with_what_was_kept_and_is_cleared(stocked, tab_of):
    with tab_of(stocked) as tab:
        tab.goto("/inventory")
        tab.locator("#f-text").fill("ring 2")
        expect(tab.locator("tbody tr")).to_have_count(1)
        tab.get_by_label("Views of this list").click()
        tab.get_by_label("Keep this list as").fill("The second")
        tab.get_by_label("Begin with it").check()
        tab.get_by_role("button", name="Keep").click()
        expect(tab.locator("#views [aria-current]")).to_contain_text("The second")
        tab.goto("/inventory")
        assert shown(tab) == ["B-2"]
        tab.locator("#f-text").fill("")
        expect(tab.locator("tbody tr")).to_have_count(4)
        assert "view=all" in tab.url
        tab.locator("#f-text").fill("tiara")
        tab.get_by_role("link", name="Clear filters").click()
        expect(tab.locator("tbody tr")).to_have_count(4)


def test_a_new_question_keeps_the_order_and_the_focus(stocked, tab_of):
    with tab_of(stocked) as tab:
        tab.goto("/inventory")
        tab.get_by_role("link", name="SKU").click()
        expect(tab).to_have_url(re.compile("sort=sku"))
        tab.locator("#f-text").press_sequentially("ring")
        expect(tab).to_have_url(re.compile("text=ring.*sort=sku"))
        expect(tab.locator("#f-text")).to_be_focused()
        assert shown(tab) == ["B-0", "B-1", "B-2", "B-3"]


def test_rows_are_ticked_by_keyboard_and_by_mouse_and_the_bar_counts(stocked, tab_of):
    with tab_of(stocked) as tab:
        tab.goto("/inventory?sort=sku")
        bar, counted = tab.locator(".bulk"), tab.locator(".bulk__count")
        expect(bar).to_be_hidden()
        tab.locator("tbody tr").first.focus()
        for key in (" ", "ArrowDown", "ArrowDown", " "):
            tab.keyboard.press(key)
        expect(counted).to_have_text("2 selected")
        assert tab.locator("[data-picks-all]").evaluate("box => box.indeterminate")
        tab.locator("tbody .pick").nth(3).click()
        tab.locator("tbody .pick").nth(1).click(modifiers=["Shift"])
        expect(counted).to_have_text("4 selected")
        tab.get_by_label("Select none").click()
        expect(bar).to_be_hidden()
        tab.get_by_label("Select all on this page").check()
        expect(counted).to_have_text("4 selected")


@pytest.mark.parametrize("scripts", [True, False])
def test_ticked_items_are_set_aside_and_brought_back(stocked, tab_of, scripts):
    with tab_of(stocked, scripts=scripts) as tab:
        tab.goto("/inventory?sort=sku")
        for row in (0, 2):
            tab.locator("tbody .pick").nth(row).check()
        tab.get_by_role("button", name="Deactivate").click()
        expect(tab.locator("tbody tr")).to_have_count(2)
        assert shown(tab) == ["B-1", "B-3"]
        tab.get_by_role("button", name="Undo").click()
        expect(tab.get_by_text("2 items are as they were before.")).to_be_visible()
        tab.goto("/inventory?sort=sku")
        assert shown(tab) == ["B-0", "B-1", "B-2", "B-3"]


@pytest.mark.parametrize("scripts", [True, False])
def test_days_are_asked_for_where_they_are_chosen(stocked, tab_of, scripts):
    with tab_of(stocked, scripts=scripts) as tab:
        tab.goto("/sales")
        since = tab.locator("[name=since]")
        expect(since).to_be_hidden()
        tab.get_by_label("Days").select_option("days")
        expect(since).to_be_visible()
