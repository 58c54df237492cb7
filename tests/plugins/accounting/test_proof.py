"""Every night the books are proved, and whatever somebody changed behind our back is found."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from plugins.accounting.actions import prove
from plugins.accounting.jobs import prove_books
from plugins.accounting.queries import past
from plugins.accounting.queries.proofs import findings, last_proof
from plugins.pos.public import SaleVoided
from tests.conftest import NOW
from tests.plugins.accounting.conftest import Books, Superuser
from tests.plugins.accounting.test_booking import RECEIVED, SALE, fresh, tell
from tests.plugins.accounting.test_catch_up import teller

LINES = (
    ("paid.cash", "IRT", 100),
    ("revenue.other", "IRT", -100),
    ("inventory", "XAU", 5),
    ("metal.received", "XAU", -5),
)


@pytest.fixture
def posted(books: Books) -> Books:
    for _ in range(5):
        books.post(*LINES)
    return books


def proved(books: Books, deliver_all) -> tuple[int, list[tuple[str, str]]]:
    with books.work() as uow:
        uow.enqueue(prove_books)
    deliver_all(books.shop)
    with books.work() as uow:
        proof = last_proof(uow)
        assert proof is not None
        found = findings(uow, proof.id)
        assert proof.findings == len(found)
        return proof.journals, [(one.kind.value, one.subject) for one in found]


def test_sound_books_prove(posted: Books, deliver_all):
    assert proved(posted, deliver_all) == (5, [])


def test_empty_books_prove(books: Books, deliver_all):
    assert proved(books, deliver_all) == (0, [])


def test_the_proof_goes_on_in_parts(posted: Books, deliver_all, monkeypatch):
    monkeypatch.setattr(prove, "JOURNALS_AT_ONCE", 2)
    monkeypatch.setattr(prove, "ACCOUNTS_AT_ONCE", 3)
    assert proved(posted, deliver_all) == (5, [])


def tamper(superuser: Superuser, statement: str, books: Books) -> None:
    superuser.execute("SET session_replication_role = 'replica'")
    superuser.execute(statement, {"shop": books.shop.id})


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE shop.account_days SET debit = debit + 1 WHERE tenant_id = %(shop)s AND unit = 'IRT' AND debit > 0",
            [("balance", "1101 IRT 2025-06-02")],
        ),
        (
            "DELETE FROM shop.account_days WHERE tenant_id = %(shop)s AND unit = 'XAU' AND debit > 0",
            [("balance", "1301 XAU 2025-06-02")],
        ),
        (
            "UPDATE shop.entries SET amount = amount * 2 WHERE tenant_id = %(shop)s AND number = 3 AND unit = 'IRT'",
            [("balance", "1101 IRT 2025-06-02"), ("balance", "6106 IRT 2025-06-02"), ("seal", "3")],
        ),
        ("UPDATE shop.journals SET memo = 'x' WHERE tenant_id = %(shop)s AND number = 2", [("seal", "2")]),
        ("UPDATE shop.journals SET actor = 'Ali' WHERE tenant_id = %(shop)s AND number = 5", [("seal", "5")]),
        (
            "UPDATE shop.journals SET posted_at = posted_at - interval '1 s' WHERE tenant_id = %(shop)s AND number = 1",
            [("seal", "1")],
        ),
        (
            "UPDATE shop.journals SET seal = sha256(seal) WHERE tenant_id = %(shop)s AND number = 4",
            [("seal", "4"), ("seal", "5")],
        ),
        ("DELETE FROM shop.journals WHERE tenant_id = %(shop)s AND number = 2", [("number", "2"), ("seal", "3")]),
        ("DELETE FROM shop.journals WHERE tenant_id = %(shop)s AND number = 5", [("number", "5"), ("number", "5")]),
        ("UPDATE shop.books SET number = 4 WHERE tenant_id = %(shop)s", [("number", "4")]),
    ],
)
def test_what_a_superuser_changes_is_found_and_shouted(posted: Books, deliver_all, superuser, caplog, statement, found):
    tamper(superuser, statement, posted)
    with caplog.at_level(logging.CRITICAL):
        assert proved(posted, deliver_all)[1] == found
    assert len([record for record in caplog.records if "do not prove" in record.message]) == len(found)


def test_a_finding_of_one_shop_is_no_finding_of_another(posted: Books, deliver_all, superuser, new_shop):
    other = Books(posted.database, new_shop(), posted.actor)
    other.post(*LINES)
    tamper(superuser, "UPDATE shop.journals SET memo = 'x' WHERE tenant_id = %(shop)s", posted)
    assert proved(other, deliver_all) == (1, [])
    assert len(proved(posted, deliver_all)[1]) == 5


YESTERDAY = NOW - timedelta(days=1)


def test_a_document_without_a_journal_is_found_every_night_until_it_is_booked(
    books: Books, deliver_all, monkeypatch, signed_in
):
    booked, forgotten = fresh(SALE, at=YESTERDAY), fresh(SALE, at=YESTERDAY)
    worthless = fresh(RECEIVED, at=YESTERDAY, cost=0, fine=0)
    under_way = fresh(SALE, at=NOW)
    told = [booked, SaleVoided(booked.sale, YESTERDAY, "typed twice"), forgotten, worthless, under_way]
    deliver_all(books.shop)  # What catches up when a shop is opened would book them.
    tell(books, booked)
    monkeypatch.setattr(past, "TELLERS", {"accounting": teller(told)})
    missing = [("document", f"void {booked.sale} "), ("document", f"sale {forgotten.sale} {forgotten.number}")]
    assert proved(books, deliver_all) == (1, missing)
    assert f"/sales/{forgotten.sale}" in signed_in(books.shop).get("/books/proof").text
    tell(books, told[1])
    assert proved(books, deliver_all) == (2, missing[1:])
    tell(books, forgotten)
    assert proved(books, deliver_all) == (3, [])


def test_a_proof_goes_on_where_the_last_one_came_to(books: Books, deliver_all, monkeypatch):
    deliver_all(books.shop)
    sales = [fresh(SALE, at=YESTERDAY) for _ in range(3)]
    for sale in sales:
        tell(books, sale)
    asked = []

    def tell_again(uow, place, limit):
        asked.append(place)
        return teller(sales)(uow, place, limit)

    monkeypatch.setattr(past, "TELLERS", {"accounting": tell_again})
    monkeypatch.setattr(prove, "DOCUMENTS_AT_ONCE", 2)
    assert proved(books, deliver_all) == (3, [])
    assert proved(books, deliver_all) == (3, [])
    assert asked == ["", "1", "2", "2"]
