"""A journal by hand in a real browser: debit and credit are told apart while one types."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.plugins.accounting.conftest import Books
from tests.plugins.accounting.test_booking import EXCHANGE, SALE, fresh, tell
from tests.plugins.pos.test_till_in_a_browser import address, tab_of

__all__ = ["address", "tab_of"]

pytestmark = pytest.mark.browser


def line(tab, number: int, account: str, **typed: str) -> None:
    tab.locator(f'[name="lines[{number}][account]"]').select_option(account)
    for side, amount in typed.items():
        tab.locator(f'[name="lines[{number}][{side}]"]').fill(amount)


def test_a_journal_says_what_is_missing_until_it_is_even(books: Books, tab_of):
    rent, cash, fee = (books.account(part) for part in ("adjusted.other", "paid.cash", "rounding"))
    with tab_of(books) as tab:
        tab.goto("/books/journals/new")
        says = tab.locator("[data-balance]")
        tab.locator('[name="memo"]').fill("اجارهٔ خرداد")
        line(tab, 0, rent, debit="۱٬۰۰۰٬۰۰۰")
        expect(tab.locator('[name="lines[0][unit]"]')).to_have_value("IRT")
        line(tab, 1, cash, credit="999000")
        expect(says).to_contain_text("۱٬۰۰۰")
        tab.locator("[data-adds-entry]").click()
        expect(tab.locator("[data-entry]")).to_have_count(5)
        line(tab, 4, fee, credit="1000")
        expect(says).to_have_text(says.get_attribute("data-even") or "")
        tab.locator("form[data-balances] button[type=submit], form[data-balances] .button--primary").first.click()
        tab.wait_for_url("**/books/journals/0*")
        expect(tab.locator("main")).to_contain_text("اجارهٔ خرداد")
    assert books.stands() == {
        ("adjusted.other", "IRT"): 1_000_000,
        ("paid.cash", "IRT"): -999_000,
        ("rounding", "IRT"): -1_000,
    }


@pytest.mark.parametrize("page", ["/books", "/books/trial-balance", "/books/accounts"])
def test_from_the_page_to_the_ledger_to_the_journal(books: Books, tab_of, page):
    tell(books, fresh(SALE), fresh(EXCHANGE))
    with tab_of(books) as tab:
        tab.goto(page)
        if page != "/books":
            tab.locator(f'main a[href*="{books.account("inventory")}"]').click()
            tab.wait_for_url("**/books/accounts/**")
        tab.locator('main a[href^="/books/journals/0"]').first.click()
        tab.wait_for_url("**/books/journals/0*")
        expect(tab.locator("main table")).to_be_visible()
