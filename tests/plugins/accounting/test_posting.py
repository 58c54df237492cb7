"""What is posted is posted once, balances in every unit, and stays: the database sees to it."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from kernel.ids import new_id
from kernel.tenancy import Shop
from plugins.accounting import store
from plugins.accounting.actions.post import post
from plugins.accounting.domain.errors import (
    AmountTooLarge,
    DayClosed,
    DoesNotBalance,
    MovesNothing,
    NoAccountFor,
    PostedDifferently,
)
from plugins.accounting.domain.journal import Document, Entry, Posted, Posting
from plugins.accounting.queries.proofs import broken_seals, missing_numbers, wrong_balances, wrong_head
from plugins.accounting.tables import accounts, entries, journals
from tests.plugins.accounting.conftest import FIRST, LAST, TODAY, Books, Superuser

CASH, SALES, STOCK, COST = "paid.cash", "revenue.other", "inventory", "cost_of_goods"

PLACES = ["paid.cash", "paid.card", "inventory", "scrap", "revenue.making", "cost_of_goods", "tax.VAT", "rounding"]
UNITS = ["IRT", "XAU", "USD"]


@st.composite
def journals_of_many_units(draw: st.DrawFn) -> tuple[tuple[str, str, int], ...]:
    """Random entries, and for each unit the one that makes them even."""
    lines = draw(
        st.lists(
            st.tuples(st.sampled_from(PLACES), st.sampled_from(UNITS), st.integers(-(10**13), 10**13)),
            min_size=1,
            max_size=12,
        )
    )
    left: dict[str, int] = defaultdict(int)
    for _place, unit, amount in lines:
        left[unit] += amount
    even = [("discount", unit, -amount) for unit, amount in left.items()]
    return tuple(line for line in [*lines, *even] if line[2])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.lists(st.tuples(journals_of_many_units(), st.integers(0, 60)), min_size=1, max_size=6))
def test_whatever_is_posted_balances_and_proves(books: Books, new_shop, many):
    books = Books(books.database, new_shop(), books.actor)
    expected: dict[tuple[str, str], int] = defaultdict(int)
    count = 0
    for lines, days_back in many:
        sheet: dict[tuple[str, str], int] = defaultdict(int)
        for place, unit, amount in lines:
            sheet[place, unit] += amount
        if not any(sheet.values()):
            continue
        books.post(*lines, day=TODAY - timedelta(days=days_back))
        count += 1
        for line, amount in sheet.items():
            expected[line] += amount
    stands: dict[tuple[str, str], int] = books.stands()
    assert sorted(filter(None, stands.values())) == sorted(filter(None, expected.values()))
    assert books.numbers() == list(range(1, count + 1))
    check_proved(books)


def check_proved(books: Books) -> None:
    with books.work() as uow:
        ids = uow.execute(select(accounts.c.id)).scalars().all()
        found = [finding for id in ids for finding in wrong_balances(uow, id)]
        last = uow.execute(text("SELECT number FROM shop.books")).scalar_one()
        assert found + broken_seals(uow, 1, last) + missing_numbers(uow, 1, last) + wrong_head(uow) == []


def test_a_journal_that_differs_is_refused_before_it_is_sent(books: Books):
    with pytest.raises(DoesNotBalance, match="differ by 1 toman"):
        books.post((CASH, "IRT", 100), (SALES, "IRT", -99))
    assert books.numbers() == []


def test_money_does_not_balance_metal(books: Books):
    with pytest.raises(DoesNotBalance):
        books.post((CASH, "IRT", 100), (SALES, "XAU", -100))


def test_the_database_refuses_at_commit_what_does_not_balance(books: Books):
    crooked = Posting(Document("sale", new_id()), TODAY, (Entry(CASH, "IRT", 100), Entry(SALES, "IRT", -99)))
    with pytest.raises((psycopg.Error, DBAPIError), match="does not balance"), books.work() as uow:
        store.post(uow, crooked)
    assert books.numbers() == []
    assert books.stands() == {}


def as_owner(owner: Connection, shop: Shop) -> None:
    owner.execute(text("SELECT set_config('app.current_tenant', :shop, true)"), {"shop": str(shop.id)})


JOURNAL = text(
    "INSERT INTO shop.journals (id, number, day, posted_at, document_kind, document, reference, memo, actor, lines, "
    "content, seal) VALUES (uuidv7(), :number, '2025-06-02', now(), 'x', uuidv7(), '', '', '', :lines, '', '')"
)
ENTRY = text(
    "INSERT INTO shop.entries (number, line, lines, account, unit, amount, day) "
    "VALUES (:number, :line, :lines, :account, 'IRT', :amount, '2025-06-02')"
)


@pytest.mark.parametrize("amounts", [(5, -4), (5, -5, 1), (5,), ()])
def test_also_the_owner_cannot_insert_a_journal_that_does_not_balance(books, shop, owner_connection, amounts):
    account = books.account(CASH)
    as_owner(owner_connection, shop)
    owner_connection.execute(JOURNAL, {"number": 7, "lines": max(len(amounts), 2)})
    for line, amount in enumerate(amounts, 1):
        values = {"number": 7, "line": line, "lines": max(len(amounts), 2), "account": account, "amount": amount}
        owner_connection.execute(ENTRY, values)
    with pytest.raises(DBAPIError, match="does not balance"):
        owner_connection.commit()


def test_also_the_owner_cannot_insert_into_an_account_that_is_not_there(books, shop, owner_connection):
    as_owner(owner_connection, shop)
    owner_connection.execute(JOURNAL, {"number": 7, "lines": 2})
    for line, amount in ((1, 5), (2, -5)):
        values = {"number": 7, "line": line, "lines": 2, "account": new_id(), "amount": amount}
        owner_connection.execute(ENTRY, values)
    with pytest.raises(DBAPIError, match="does not balance"):
        owner_connection.commit()


@pytest.mark.parametrize(("line", "lines"), [(3, 2), (3, 3), (1, 2)])
def test_nothing_can_be_added_to_a_journal_that_is_posted(books, shop, owner_connection, line, lines):
    number = books.post((CASH, "IRT", 100), (SALES, "IRT", -100)).number
    account = books.account(CASH)
    as_owner(owner_connection, shop)
    with pytest.raises(DBAPIError):
        owner_connection.execute(
            ENTRY, {"number": number, "line": line, "lines": lines, "account": account, "amount": 1}
        )


@pytest.mark.parametrize("table", ["journals", "entries"])
@pytest.mark.parametrize("change", ["UPDATE shop.{} SET day = day", "DELETE FROM shop.{}"])
def test_what_is_posted_stays_also_for_the_owner(books, shop, owner_connection, table, change):
    books.post((CASH, "IRT", 100), (SALES, "IRT", -100))
    as_owner(owner_connection, shop)
    with pytest.raises(DBAPIError, match="append-only"):
        owner_connection.execute(text(change.format(table)))


@pytest.mark.parametrize("table", ["journals", "entries", "account_days", "books"])
def test_the_application_has_no_right_to_write_past_the_function(superuser: Superuser, table):
    may = superuser.execute(
        "SELECT has_table_privilege('goldsmith_app', %s, 'INSERT, UPDATE, DELETE, TRUNCATE')", (f"shop.{table}",)
    ).fetchone()
    assert may == (False,)


def test_accounts_are_never_deleted(superuser: Superuser):
    may = superuser.execute("SELECT has_table_privilege('goldsmith_app', 'shop.accounts', 'DELETE')").fetchone()
    assert may == (False,)


def test_the_same_document_again_is_the_same_journal(books: Books):
    document = Document("sale", new_id(), "12")
    first = books.post((CASH, "IRT", 100), (SALES, "IRT", -100), document=document)
    again = books.post((CASH, "IRT", 100), (SALES, "IRT", -100), document=document)
    assert (first, again) == (Posted(first.id, 1, True), Posted(first.id, 1, False))
    assert books.stands() == {(CASH, "IRT"): 100, (SALES, "IRT"): -100}


@pytest.mark.parametrize(
    "other",
    [
        {"amounts": [(CASH, "IRT", 101), (SALES, "IRT", -101)]},
        {"amounts": [("paid.card", "IRT", 100), (SALES, "IRT", -100)]},
        {"amounts": [(CASH, "USD", 100), (SALES, "USD", -100)]},
        {"amounts": [(CASH, "IRT", 100), (SALES, "IRT", -100)], "memo": "changed"},
        {"amounts": [(CASH, "IRT", 100), (SALES, "IRT", -100)], "day": TODAY - timedelta(days=1)},
    ],
)
def test_the_same_document_with_other_content_is_refused(books: Books, other):
    document = Document("sale", new_id(), "12")
    books.post((CASH, "IRT", 100), (SALES, "IRT", -100), document=document)
    with pytest.raises(PostedDifferently):
        books.post(*other.pop("amounts"), document=document, **other)
    assert books.stands() == {(CASH, "IRT"): 100, (SALES, "IRT"): -100}


def test_posted_again_after_a_part_got_another_account_it_is_still_the_same(books: Books, superuser: Superuser):
    document = Document("sale", new_id())
    first = books.post((CASH, "IRT", 100), (SALES, "IRT", -100), document=document)
    superuser.execute(
        "UPDATE shop.account_roles SET account = %s WHERE role = 'paid.cash' AND tenant_id = %s",
        (books.account("paid.card"), books.shop.id),
    )
    assert books.post((CASH, "IRT", 100), (SALES, "IRT", -100), document=document).id == first.id


def test_a_part_nobody_has_thought_of_is_booked_to_its_family(books: Books):
    books.post(("paid.cheque", "IRT", 100), ("revenue.novelty", "IRT", -100))
    assert books.stands() == {("paid.other", "IRT"): 100, (SALES, "IRT"): -100}


def test_a_part_without_an_account_is_named(books: Books):
    with pytest.raises(NoAccountFor) as refused:
        books.post(("nonsense", "IRT", 100), (SALES, "IRT", -100))
    assert refused.value.part == "nonsense"
    assert books.numbers() == []


def test_an_account_of_another_shop_is_no_account(books: Books, new_shop):
    other = Books(books.database, new_shop(), books.actor)
    with pytest.raises(NoAccountFor):
        books.post((other.account(CASH), "IRT", 100), (SALES, "IRT", -100))


def test_what_would_cancel_out_is_not_posted(books: Books):
    cash = books.account(CASH)
    with pytest.raises(MovesNothing):
        books.post((cash, "IRT", 100), (CASH, "IRT", -100))
    assert books.numbers() == []


def test_a_hundred_tills_post_at_once_and_numbers_have_no_gaps(books: Books):
    def sell(amount: int) -> int:
        return books.post((CASH, "IRT", amount), (SALES, "IRT", -amount), (STOCK, "XAU", 5), (COST, "XAU", -5)).number

    with ThreadPoolExecutor(8) as tills:
        given = list(tills.map(sell, range(1, 101)))
    assert sorted(given) == list(range(1, 101)) == books.numbers()
    assert books.stands() == {
        (CASH, "IRT"): 5050,
        (SALES, "IRT"): -5050,
        (STOCK, "XAU"): 500,
        (COST, "XAU"): -500,
    }
    check_proved(books)


def test_a_hundred_of_the_same_document_at_once_are_one_journal(books: Books):
    document = Document("sale", new_id())

    def sell(_till: int) -> Posted:
        return books.post((CASH, "IRT", 5), (SALES, "IRT", -5), document=document)

    with ThreadPoolExecutor(8) as tills:
        posted = list(tills.map(sell, range(100)))
    assert len({one.id for one in posted}) == 1
    assert [one.is_new for one in posted].count(True) == 1
    assert books.numbers() == [1]


def test_a_number_that_was_rolled_back_is_given_again(books: Books):
    def crash() -> None:
        with books.work() as uow:
            post(uow, Posting(Document("sale", new_id()), TODAY, (Entry(CASH, "IRT", 1), Entry(SALES, "IRT", -1))))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert books.post((CASH, "IRT", 5), (SALES, "IRT", -5)).number == 1


def test_posting_to_an_earlier_day_carries_to_all_later_ones(books: Books):
    days = [date(2025, 1, 10), date(2025, 3, 31), date(2025, 2, 1), date(2025, 1, 10), date(2024, 12, 31)]
    for amount, day in enumerate(days, 1):
        books.post((CASH, "IRT", amount), (SALES, "IRT", -amount), day=day)
    cash = {
        day: sum(amount for amount, posted in enumerate(days, 1) if posted <= day)
        for day in (date(2024, 12, 31), date(2025, 1, 9), date(2025, 1, 10), date(2025, 2, 1), date(2025, 3, 31))
    }
    assert {day: books.stands(until=day).get((CASH, "IRT"), 0) for day in cash} == cash
    check_proved(books)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 40), min_size=1, max_size=12),
    since=st.integers(-2, 42),
    length=st.integers(0, 45),
)
def test_the_trial_balance_of_any_days_is_the_sum_of_their_entries(books: Books, new_shop, days, since, length):
    books = Books(books.database, new_shop(), books.actor)
    start = date(2025, 1, 20)
    for number, back in enumerate(days, 1):
        books.post(
            (PLACES[number % 8], "IRT", number * 7), ("discount", "IRT", -number * 7), day=start + timedelta(days=back)
        )
    first, last = start + timedelta(days=since), start + timedelta(days=since + length)
    kept = {
        one.account: (one.opening, one.debit, one.credit)
        for one in books.turnovers(first, last)
        if one.opening or one.debit or one.credit
    }
    with books.work() as uow:
        rows = uow.execute(
            select(entries.c.account, entries.c.amount, entries.c.day).where(entries.c.day <= last)
        ).all()
    counted: dict[object, tuple[int, int, int]] = {}
    for row in rows:
        opening, debit, credit = counted.get(row.account, (0, 0, 0))
        if row.day < first:
            counted[row.account] = (opening + row.amount, debit, credit)
        else:
            counted[row.account] = (opening, debit + max(row.amount, 0), credit + max(-row.amount, 0))
    assert kept == {account: figures for account, figures in counted.items() if any(figures)}


def test_nothing_is_posted_to_days_that_are_closed(books: Books, superuser: Superuser):
    superuser.execute("UPDATE shop.books SET closed_through = %s WHERE tenant_id = %s", (TODAY, books.shop.id))
    with pytest.raises(DayClosed):
        books.post((CASH, "IRT", 1), (SALES, "IRT", -1))
    assert books.post((CASH, "IRT", 1), (SALES, "IRT", -1), day=TODAY + timedelta(days=1)).number == 1


def test_more_than_a_balance_can_hold_is_refused_with_a_sentence(books: Books):
    most = 2**63 - 1
    books.post((CASH, "IRT", most), (SALES, "IRT", -most))
    with pytest.raises(AmountTooLarge):
        books.post((CASH, "IRT", most), (SALES, "IRT", -most))


def test_one_round_trip_posts_a_journal(books: Books, statements):
    books.post((CASH, "IRT", 1), (SALES, "IRT", -1))
    with books.work() as uow, statements.counted() as sent:
        post(uow, Posting(Document("sale", new_id()), TODAY, (Entry(CASH, "IRT", 1), Entry(SALES, "IRT", -1))))
    assert len(sent) == 1


def test_another_shop_sees_nothing_of_it(books: Books, new_shop):
    other = Books(books.database, new_shop(), books.actor)
    books.post((CASH, "IRT", 100), (SALES, "IRT", -100))
    assert books.stands() != {}
    assert (other.stands(), other.numbers(), other.turnovers(FIRST, LAST)) == ({}, [], [])
    other.post((CASH, "IRT", 7), (SALES, "IRT", -7))
    assert other.numbers() == [1]
    with other.work() as uow:
        assert uow.execute(select(journals.c.number)).scalars().all() == [1]
