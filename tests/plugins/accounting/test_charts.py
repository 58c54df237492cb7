"""Every market's chart of accounts, and what a bookkeeper may change in it."""

from __future__ import annotations

import re

import pytest

from plugins.accounting.actions import edit_chart
from plugins.accounting.actions.open_books import open_books
from plugins.accounting.domain.chart import PARTS, AccountKind
from plugins.accounting.domain.errors import AccountSetAside, CodeTaken, KindIsFixed, NoAccountFor, StillNeeded
from plugins.accounting.queries import chart
from plugins.accounting.queries.charts import chart_for, codes
from plugins.pricing.public import market_codes
from tests.plugins.accounting.conftest import Books

PERSIAN = re.compile(r"[\u0600-\u06ff]")


def test_every_market_has_a_chart():
    assert set(codes()) == set(market_codes())


@pytest.mark.parametrize("market", codes())
def test_every_part_is_played_by_one_account_of_the_chart(market):
    planned = chart_for(market, "en")
    played = [role for one in planned for role in one.roles]
    families = {role.partition(".")[0] for role in played if role.endswith(".other")}
    assert len(played) == len(set(played))
    assert [part for part in PARTS if part not in played and part.partition(".")[0] not in families] == []
    assert len({one.code for one in planned}) == len(planned)


@pytest.mark.parametrize("market", codes())
def test_a_chart_speaks_persian_and_english(market):
    assert [one.name for one in chart_for(market, "fa") if not PERSIAN.search(one.name)] == []
    assert [one.name for one in chart_for(market, "en") if PERSIAN.search(one.name)] == []


@pytest.mark.parametrize("market", codes())
def test_metal_goes_through_metal_accounts(market):
    kinds = {role: one.kind for one in chart_for(market, "en") for role in one.roles}
    assert {kind for role, kind in kinds.items() if role.startswith("metal.")} == {AccountKind.METAL}
    assert kinds["inventory"] is kinds["scrap"] is kinds["paid.cash"] is AccountKind.ASSET


@pytest.mark.parametrize("market", ["IN", "AE"])
def test_taxes_of_a_market_have_accounts_of_their_own(market):
    own = {"IN": {"tax.CGST", "tax.SGST", "tax.IGST", "tax.other"}, "AE": {"tax.VAT", "tax.other"}}
    assert {role for one in chart_for(market, "en") for role in one.roles if role.startswith("tax.")} == own[market]


def test_a_new_shop_has_its_markets_chart_in_its_language(books: Books):
    with books.work() as uow:
        names = {one.code: one.name for one in chart.all_accounts(uow)}
    assert names["1101"] == "صندوق"
    assert len(names) == len(chart_for("IR", "fa"))


def test_opening_the_books_again_changes_nothing(books: Books):
    with books.work() as uow:
        cash = chart.roles(uow)["paid.cash"]
        edit_chart.change_account(uow, cash, "1", "دخل", AccountKind.ASSET, is_active=True)
        before = chart.all_accounts(uow)
        open_books(uow)
        assert chart.all_accounts(uow) == before


def test_books_open_by_themselves_with_the_first_document(books: Books, superuser):
    for table in ("account_roles", "accounts", "books"):
        superuser.execute(f"DELETE FROM shop.{table} WHERE tenant_id = %s", (books.shop.id,))
    assert books.post(("paid.cash", "IRT", 1), ("revenue.other", "IRT", -1)).number == 1


def test_an_account_is_added_renamed_and_set_aside(books: Books):
    with books.work() as uow:
        added = edit_chart.add_account(uow, "8200", "Insurance", AccountKind.EXPENSE)
        edit_chart.change_account(uow, added.id, "8201", "Shop insurance", AccountKind.EXPENSE, is_active=False)
        found = chart.account(uow, added.id)
    assert (found.code, found.name, found.is_active) == ("8201", "Shop insurance", False)


def test_a_code_is_taken_once(books: Books):
    with pytest.raises(CodeTaken), books.work() as uow:
        edit_chart.add_account(uow, "1101", "Another", AccountKind.ASSET)


def test_an_account_that_documents_are_booked_to_is_not_set_aside(books: Books):
    with books.work() as uow, pytest.raises(StillNeeded):
        cash = chart.account(uow, chart.roles(uow)["paid.cash"])
        edit_chart.change_account(uow, cash.id, cash.code, cash.name, cash.kind, is_active=False)


def test_an_account_with_entries_stays_what_it_is(books: Books):
    books.post(("paid.cash", "IRT", 1), ("revenue.other", "IRT", -1))
    with books.work() as uow, pytest.raises(KindIsFixed):
        cash = chart.account(uow, chart.roles(uow)["paid.cash"])
        edit_chart.change_account(uow, cash.id, cash.code, cash.name, AccountKind.INCOME, is_active=True)


def test_from_now_on_a_part_is_booked_elsewhere(books: Books):
    books.post(("paid.cash", "IRT", 1), ("revenue.other", "IRT", -1))
    with books.work() as uow:
        roles = chart.roles(uow)
        drawer = edit_chart.add_account(uow, "1111", "Second drawer", AccountKind.ASSET)
        edit_chart.book_to(uow, "paid.cash", drawer.id)
    books.post(("paid.cash", "IRT", 10), ("revenue.other", "IRT", -10))
    stands = {one.account: one.closing for one in books.turnovers()}
    assert (stands[roles["paid.cash"]], stands[drawer.id]) == (1, 10)


def test_a_part_nobody_knows_and_an_account_set_aside_are_refused(books: Books):
    with books.work() as uow:
        added = edit_chart.add_account(uow, "8200", "Insurance", AccountKind.EXPENSE)
        with pytest.raises(NoAccountFor):
            edit_chart.book_to(uow, "nonsense", added.id)
        edit_chart.change_account(uow, added.id, "8200", "Insurance", AccountKind.EXPENSE, is_active=False)
        with pytest.raises(AccountSetAside):
            edit_chart.book_to(uow, "rounding", added.id)
