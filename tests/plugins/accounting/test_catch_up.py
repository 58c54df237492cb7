"""A shop that opens its books later finds everything in them that happened before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kernel.events import PluginEnabled
from kernel.tables import outbox
from kernel.uow import UnitOfWork
from plugins.accounting import jobs
from plugins.accounting.handlers import LONGEST_SALE
from plugins.accounting.jobs import post_earlier
from plugins.accounting.queries import past
from plugins.accounting.queries.journals import Wanted, newest
from plugins.accounting.queries.past import told_since
from plugins.accounting.tables import book_findings
from plugins.pos.public import SaleVoided
from tests.conftest import NOW
from tests.plugins.accounting.conftest import Books
from tests.plugins.accounting.test_booking import RECEIVED, RING, SALE, fresh, tell
from tests.plugins.accounting.test_posting import check_proved


def teller(events: Sequence[Any]) -> Callable[[UnitOfWork, str, int], list[tuple[str, Any]]]:
    """Tells `events` again, as their publisher would."""

    def tell_again(uow: UnitOfWork, place: str, limit: int) -> list[tuple[str, Any]]:
        start = int(place) + 1 if place else 0
        return [(str(start + at), event) for at, event in enumerate(events[start : start + limit])]

    return tell_again


@pytest.fixture
def happened(monkeypatch) -> Callable[..., None]:
    """What two publishers can tell; they stand in for the till and the stock."""

    def as_told(sales: Sequence[Any], stock: Sequence[Any] = ()) -> None:
        monkeypatch.setattr(past, "TELLERS", {"accounting": teller(sales), "branches": teller(stock)})

    return as_told


def catch_up(books: Books, deliver_all: Callable[..., int]) -> None:
    with books.work() as uow:
        uow.enqueue(post_earlier)
    deliver_all(books.shop)


def test_everything_is_posted_in_the_order_in_which_it_happened(books: Books, deliver_all, happened, monkeypatch):
    monkeypatch.setattr(jobs, "DOCUMENTS_AT_ONCE", 3)
    sales = [fresh(SALE, at=NOW - timedelta(days=back)) for back in (30, 20, 10, 1)]
    void = SaleVoided(sales[1].sale, NOW - timedelta(days=15), "Wrong customer")
    stock = [fresh(RECEIVED, at=NOW - timedelta(days=back)) for back in (40, 35, 25, 12)]
    happened([sales[0], sales[1], void, *sales[2:]], stock)
    catch_up(books, deliver_all)
    with books.work() as uow:
        days = [(one.number, one.document.kind, one.day) for one in newest(uow, Wanted(), unit="IRT", limit=20)]
    assert [(NOW.date() - day).days for _number, _kind, day in reversed(days)] == [40, 35, 30, 25, 20, 15, 12, 10, 1]
    assert [number for number, _kind, _day in reversed(days)] == list(range(1, 10))
    assert {kind for _number, kind, _day in days} == {"sale", "void", "receipt"}
    assert books.stands()[("inventory", "XAU")] == (4 - 3) * 31_875_000
    check_proved(books)


def test_what_is_in_the_books_already_stays_as_it_is(books: Books, deliver_all, happened):
    sales = [fresh(SALE) for _ in range(3)]
    tell(books, sales[1])
    happened(sales)
    catch_up(books, deliver_all)
    catch_up(books, deliver_all)
    assert books.numbers() == [1, 2, 3]


def test_a_sale_booked_otherwise_is_reported_and_the_rest_is_posted(books: Books, deliver_all, happened, signed_in):
    wrong = fresh(SALE)
    tell(books, replace(wrong, lines=(replace(RING, parts={"metal": 29_750_000, "goods": 7_812_350}),)))
    happened([fresh(SALE), wrong, fresh(SALE)])
    catch_up(books, deliver_all)
    assert books.numbers() == [1, 2, 3]
    with books.work() as uow:
        found = uow.execute(select(book_findings.c.kind, book_findings.c.subject)).all()
    assert set(found) == {("document", f"sale {wrong.sale} {wrong.number}")}
    assert f"/sales/{wrong.sale}" in signed_in(books.shop).get("/books/proof").text


def test_what_is_booked_stays_on_its_day_when_the_shop_moves_to_another_zone(
    books: Books, deliver_all, happened, superuser
):
    late = fresh(SALE, at=NOW.replace(hour=22))
    tell(books, late)
    before = journals(books)
    superuser.execute("UPDATE platform.tenants SET zone = 'America/New_York' WHERE id = %s", (books.shop.id,))
    happened([late])
    catch_up(books, deliver_all)
    assert journals(books) == before
    with books.work() as uow:
        assert uow.execute(select(book_findings.c.subject)).all() == []


def journals(books: Books) -> list[Any]:
    with books.work() as uow:
        return [(one.number, one.day) for one in newest(uow, Wanted(), unit="IRT", limit=20)]


def test_progress_is_counted_in_days(books: Books, happened):
    happened([fresh(SALE, at=NOW - timedelta(days=back)) for back in (30, 10, 5)])
    with books.work() as uow:
        step = post_earlier(uow)
        assert step is not None
        assert (step.done, step.total) == (25, 30)
        assert post_earlier(uow, **step.args) is None


def test_a_place_is_never_stepped_over_where_two_happened_out_of_order(books: Books, happened):
    """The publisher's order counts, also where its clock went back."""
    happened([fresh(SALE, at=NOW), fresh(SALE, at=NOW - timedelta(hours=1)), fresh(SALE, at=NOW)])
    with books.work() as uow:
        told = told_since(uow, {}, 1)
        assert (told.places, [one.at for one in told.events]) == ({"accounting": "0"}, [NOW])
        assert told_since(uow, told.places, 1).places == {"accounting": "1"}


@pytest.mark.parametrize(("plugin", "started"), [("accounting", 2), ("pos", 2), ("inventory", 2), ("branches", 0)])
def test_switching_on_starts_catching_up_now_and_when_every_sale_of_before_has_ended(
    books: Books, clock, plugin, started
):
    clock.advance(timedelta(seconds=1))
    with books.work() as uow:
        uow.publish(PluginEnabled(plugin))
        now = uow.now
        catching_up = select(outbox.c.run_at).where(outbox.c.name == "accounting.catch_up", outbox.c.run_at >= now)
        due = sorted(uow.execute(catching_up).scalars())
    # Those that opening the shop left for later are not ours.
    times = [now, now + LONGEST_SALE]
    assert [moment for moment in due if moment in times] == times[:started]
