"""The books beside the real till and the real stock: live, and when they are opened after the fact."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from kernel.metal import Fineness, Metal, Weight
from kernel.money import Money
from kernel.tables import overrides
from plugins.accounting import jobs
from plugins.inventory.actions import import_file
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.actions.weigh import weigh
from plugins.inventory.domain.item import Weighed
from plugins.inventory.domain.reasons import Reason
from plugins.pos.actions import exchange
from plugins.pos.actions.sell import hand_over
from plugins.pos.domain.sale import Sale
from tests.plugins.accounting.conftest import Books, sums
from tests.plugins.accounting.test_posting import check_proved
from tests.plugins.pos.conftest import Counter, counter, open_counter, paid
from tests.plugins.pos.test_taking_back import back, swap, undo

__all__ = ["counter", "open_counter"]


@pytest.fixture
def sold(counter: Counter) -> Books:
    return Books(counter.database, counter.shop, counter.actor)


def test_the_worked_days_ring(sold: Books, counter: Counter):
    ring = counter.takes_in("4.250", "18", cost=25_000_000)
    sale = counter.sells(ring, payments=paid(card="30000000", cash="8344000"))
    assert sold.booked("sale", sale.id) == {
        ("paid.card", "IRT"): 30_000_000,
        ("paid.cash", "IRT"): 8_344_000,
        ("revenue.metal", "IRT"): -29_750_000,
        ("revenue.making", "IRT"): -5_355_000,
        ("revenue.profit", "IRT"): -2_457_350,
        ("tax.VAT", "IRT"): -781_235,
        ("rounding", "IRT"): -415,
        ("cost_of_goods", "IRT"): 25_000_000,
        ("inventory", "IRT"): -25_000_000,
        ("inventory", "XAU"): -31_875_000,
        ("metal.sold", "XAU"): 31_875_000,
    }
    assert sold.stands()[("received.other", "IRT")] == -25_000_000
    assert {unit for (part, unit) in sold.stands() if part == "inventory"} == set()


def test_the_worked_days_part_exchange(sold: Books, counter: Counter):
    chain = counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}], payments=paid(transfer="43008000"))
    booked = sold.booked("sale", sale.id)
    assert booked[("paid.transfer", "IRT")] == 43_008_000
    assert (booked[("scrap", "IRT")], booked[("scrap", "XAU")]) == (42_268_800, 45_288_000)
    assert (booked[("tax.VAT", "IRT")], booked[("metal.bought", "XAU")]) == (-1_388_800, -45_288_000)
    assert sums(booked) == {"IRT": 0, "XAU": 0}


def test_what_comes_back_leaves_the_books_as_before(sold: Books, counter: Counter):
    first, second = counter.takes_in(), counter.takes_in("10.000", "12")
    before = sold.stands()
    back(counter, counter.sells(first))
    undo(counter, counter.sells(second, old_gold=[{"weight": "1.000", "fineness": "750"}]))
    assert sold.stands() == before
    check_proved(sold)


def test_an_exchange_of_goods_leaves_nothing_to_be_settled(sold: Books, counter: Counter):
    first, second = counter.takes_in(), counter.takes_in("10.000", "12")
    sale = counter.sells(first)
    due = counter.prices(second).due - Money(sale.due, "IRT")
    swap(counter, sale, second, payments=paid(cash=str(due.decimal)))
    assert ("paid.other", "IRT") not in sold.stands()
    check_proved(sold)


def test_scrap_that_is_assayed_lower_than_paid_is_a_loss_of_scrap(sold: Books, counter: Counter):
    chain = counter.takes_in("10.000", "12")
    [old] = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}]).old_gold
    with counter.work() as uow:
        weight = Weight.grams("6.120")
        weigh(uow, old.item, Weighed(Metal.GOLD, None, Fineness(7350), weight, weight), old.amount, "Assayed", seen=1)
    stands = sold.stands()
    assert stands[("scrap", "XAU")] == 6_120 * 7_350
    assert stands[("metal.difference", "XAU")] == 6_120 * (7_400 - 7_350)
    assert stands[("scrap", "IRT")] == old.amount


def trade(counter: Counter, clock) -> None:
    """Some days of a shop, with everything that can happen in it."""
    ring, chain, bangle = counter.takes_in(), counter.takes_in("10.000", "12"), counter.takes_in("23.050", "9")
    earrings = counter.takes_in("3.100", "20", name="Earrings", quantity=5)
    next_day(counter, clock)
    sale = counter.sells(ring)
    wrong = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}])
    next_day(counter, clock)
    undo(counter, wrong)
    kept = counter.sells(bangle, earrings)
    next_day(counter, clock, 2)
    back(counter, kept, (2, 1))
    back(counter, sale)
    with counter.work() as uow:
        adjust(uow, earrings.id, 1, Reason.LOST)
        this = import_file.bring(uow, "goods.csv", import_file_content(), counter.till.branch)
        import_file.confirm(uow, this.id)
        import_file.enter(uow, this.id)
    next_day(counter, clock)
    counter.sells(chain)


def next_day(counter: Counter, clock, days: int = 1) -> None:
    clock.advance(timedelta(days=days))
    counter.rate("7000000")


def import_file_content() -> bytes:
    return (
        b"sku,name,kind,metal,stamped,gross,cost\n"
        b"I-1,Imported ring,piece,gold,750,4.000,20000000\n"
        b"I-2,Imported chain,piece,gold,750,8.000,40000000\n"
        b"I-3,Imported cup,piece,silver,925,100.000,9000000\n"
    )


def switch(books: Books, plugin: str, *, on: bool) -> None:
    with books.work() as uow:
        choice = {"kind": "plugin", "name": plugin, "set_by": "test", "enabled": on}
        if not on:
            uow.execute(insert(overrides).values(tenant_id=uow.shop.id, **choice))
        else:
            uow.execute(update(overrides).where(overrides.c.name == plugin).values(ended_at=uow.now))
        uow.renew_shop()


@pytest.mark.parametrize("at_once", [2, 50])
def test_books_that_are_opened_later_are_the_same_books(
    sold: Books,
    counter: Counter,
    open_counter: Callable[..., Counter],
    new_shop,
    clock,
    deliver_all,
    monkeypatch,
    at_once,
):
    monkeypatch.setattr(jobs, "DOCUMENTS_AT_ONCE", at_once)
    late = open_counter(new_shop(), "7000000")
    later = Books(late.database, late.shop, late.actor)
    switch(later, "accounting", on=False)
    start = clock.now()
    trade(counter, clock)
    clock.at = start
    trade(late, clock)
    assert later.numbers() == []

    switch(later, "accounting", on=True)
    deliver_all(late.shop)
    assert later.stands() == sold.stands()
    assert len(later.numbers()) == len(sold.numbers()) > 12
    for days in range(5):
        until = (start + timedelta(days=days)).date()
        assert later.stands(until=until) == sold.stands(until=until)
    check_proved(later)
    with later.work() as uow:
        assert uow.ask("SELECT count(*) AS found FROM shop.book_findings")[0].found == 0


def test_an_exchange_and_a_sale_never_wait_for_each_other_in_a_circle(sold: Books, counter: Counter, monkeypatch):
    """The books are the last that a till locks: who holds them never asks for a number or a piece."""

    def slowly(*args: object) -> Sale:
        time.sleep(0.05)
        return hand_over(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(exchange, "hand_over", slowly)
    coins = counter.takes_in("10.000", "12", name="Coin", quantity=100)
    before = [counter.sells(counter.takes_in()) for _ in range(8)]
    dearer = counter.prices(coins).due - Money(before[0].due, "IRT")

    def exchanges() -> None:
        for sale in before:
            swap(counter, sale, coins, payments=paid(cash=str(dearer.decimal)))

    def sells() -> None:
        for _ in range(12):
            counter.sells(coins)

    with ThreadPoolExecutor(3) as tills:
        for done in [tills.submit(exchanges), tills.submit(sells), tills.submit(sells)]:
            done.result()
    # One receipt of coins, eight rings in and out, two journals for each exchange, one for each sale.
    assert len(sold.numbers()) == 1 + 8 + 8 + 2 * 8 + 2 * 12
    check_proved(sold)
