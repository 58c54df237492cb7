"""Goods come back at their sale's own price and cost: refunds, exchanges and voids."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kernel.errors import Conflict, NotFound
from kernel.ids import new_id
from kernel.metal import FineWeight
from kernel.money import Money
from plugins.inventory.public import OutOfStock, take
from plugins.pos import queries
from plugins.pos.actions import exchange as exchanging
from plugins.pos.actions.exchange import exchange
from plugins.pos.actions.refund import refund
from plugins.pos.actions.sell import hand_over, sell
from plugins.pos.actions.void import void
from plugins.pos.domain.payment import Method, Payment, PaymentsDoNotMatch, PayoutDoesNotMatch
from plugins.pos.domain.refund import ExchangeOfNothing, NothingLeft, NotSoManyLeft
from plugins.pos.domain.sale import KeyUsedBefore, NoSuchLine, SaleHasRefunds, SaleIsExchange, SaleIsVoid
from plugins.pos.forms import ExchangeForm, RefundForm, VoidForm
from tests.plugins.pos.conftest import paid
from web.forms import validate


def back(counter, sale, *lines, **more):
    """Give goods of a sale back; all of it without `lines`, in cash unless something else is said."""
    rows = [{"line": line, "quantity": quantity} for line, quantity in lines]
    asked = {"id": str(new_id()), "because": "too small", "lines": rows, "method": "cash"} | more
    with counter.work() as uow:
        return refund(uow, sale.id, validate(RefundForm, asked))


def sale_now(counter, sale):
    with counter.work() as uow:
        return queries.sale(uow, sale.id)


def undo(counter, sale, because="typed twice"):
    with counter.work() as uow:
        return void(uow, sale.id, VoidForm(because=because))


def swap(counter, sale, *items, returns=((1, 1),), **more):
    wanted = {
        "id": str(new_id()),
        "terminal": str(counter.till.id),
        "because": "another size",
        "returns": [{"line": line, "quantity": quantity} for line, quantity in returns],
        "lines": [{"item": str(item.id)} for item in items],
    } | more
    with counter.work() as uow:
        return exchange(uow, sale.id, validate(ExchangeForm, wanted))


# Refunds


def test_everything_comes_back_and_everything_is_given_back(counter):
    ring = counter.takes_in("4.250", "18", cost=25_000_000)
    sale = counter.sells(ring)
    made = back(counter, sale)
    [line], [sold] = made.lines, sale.lines
    assert (line.parts, line.taxes, line.discount) == (sold.parts, sold.taxes, sold.discount)
    assert (line.cost, line.fine) == (25_000_000, sold.fine)
    assert (made.total, made.rounding, made.due) == (38_343_585, 415, 38_344_000)
    assert made.payments == (Payment(Method.CASH, Money(38_344_000, "IRT"), Money(38_344_000, "IRT")),)
    assert (made.number, counter.stock(ring), sale_now(counter, sale).lines[0].left) == (1, 1, 0)


def test_a_refund_knows_only_its_sales_own_price_and_cost(counter, clock):
    coins = counter.takes_in("8.133", "5", name="Coin", quantity=10, cost=50_000_000)
    sale = counter.sells(lines=[{"item": str(coins.id), "quantity": 4}])
    clock.advance(timedelta(days=30))
    counter.rate("12000000")
    made = back(counter, sale, (1, 4))
    assert made.due == sale.due
    assert (made.lines[0].cost, made.lines[0].fine) == (200_000_000, sale.lines[0].fine)


def test_pieces_of_a_line_come_back_one_by_one_to_the_last_unit(counter):
    coins = counter.takes_in("8.133", "5", name="Coin", quantity=10)
    sale = counter.sells(lines=[{"item": str(coins.id), "quantity": 3, "discount": "1000000"}])
    parts = [back(counter, sale, (1, 1)) for _piece in range(3)]
    [sold] = sale.lines
    assert sum(part.due for part in parts) == sale.due
    assert sum(part.total for part in parts) == sale.total
    assert sum(part.lines[0].cost for part in parts) == sold.cost
    assert FineWeight(sum(part.lines[0].fine for part in parts)) == FineWeight(sold.fine)
    assert {tax: sum(part.lines[0].taxes[tax] for part in parts) for tax in sold.taxes} == sold.taxes
    with pytest.raises(NothingLeft):
        back(counter, sale)


def test_parts_of_a_refund_are_rounded_as_the_shop_rounds(counter):
    rings = [counter.takes_in("4.250", "18"), counter.takes_in("3.100", "12")]
    sale = counter.sells(*rings)
    first, last = back(counter, sale, (1, 1)), back(counter, sale)
    assert (first.due % 1000, last.due % 1000) == (0, 0)
    assert first.due + last.due == sale.due


def test_more_than_was_sold_does_not_come_back(counter):
    sale = counter.sells(counter.takes_in())
    with pytest.raises(NotSoManyLeft):
        back(counter, sale, (1, 2))
    with pytest.raises(NoSuchLine):
        back(counter, sale, (2, 1))
    with pytest.raises(NotFound), counter.work() as uow:
        refund(uow, new_id(), RefundForm(because="?"))
    assert sale_now(counter, sale).came_back is False


def test_the_money_of_a_refund_fits_what_came_back(counter):
    sale = counter.sells(counter.takes_in())
    with pytest.raises(PayoutDoesNotMatch):
        back(counter, sale, method=None, payments=paid(cash="1000"))
    made = back(counter, sale, method=None, payments=paid(card="30000000", cash="8344000"))
    assert [(each.method, each.amount.amount) for each in made.payments] == [("card", 30_000_000), ("cash", 8_344_000)]


def test_the_same_refund_again_is_the_same_refund(counter):
    coins = counter.takes_in(name="Coin", quantity=5)
    sale = counter.sells(lines=[{"item": str(coins.id), "quantity": 3}])
    key = str(new_id())
    first, again = back(counter, sale, (1, 1), id=key), back(counter, sale, (1, 1), id=key)
    assert (first.id, first.number) == (again.id, again.number)
    assert (first.is_new, again.is_new, counter.stock(coins)) == (True, False, 3)
    with pytest.raises(KeyUsedBefore):
        back(counter, sale, (1, 2), id=key)


def test_the_key_of_a_refund_is_not_good_for_another_sale(counter):
    first, second = counter.takes_in(), counter.takes_in()
    key = str(new_id())
    back(counter, counter.sells(first), id=key)
    with pytest.raises(KeyUsedBefore):
        back(counter, counter.sells(second), id=key)
    assert (counter.stock(first), counter.stock(second)) == (1, 0)


def test_ten_people_take_one_piece_back_and_one_of_them_pays(counter):
    ring = counter.takes_in()
    sale = counter.sells(ring)

    def take_back(_person):
        try:
            return back(counter, sale).due
        except (Conflict, NothingLeft) as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(10) as people:
        answers = list(people.map(take_back, range(10)))
    assert answers.count(38_344_000) == 1
    assert counter.stock(ring) == 1


def test_goods_paid_with_old_gold_are_refunded_in_money(counter):
    chain = counter.takes_in("10.000", "12")
    sale = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}])
    made = back(counter, sale)
    assert (made.due, made.rounding) == (85_276_800, 0)
    assert counter.stock(sale.old_gold[0].item) == 1


# Voids


def test_a_void_sale_never_was_old_gold_included(counter):
    chain = counter.takes_in("10.000", "12")
    sale = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}])
    undone = undo(counter, sale)
    assert undone.void is not None
    assert (undone.void.person, undone.void.because) == ("Sara", "typed twice")
    assert (counter.stock(chain), counter.stock(sale.old_gold[0].item)) == (1, 0)
    again = counter.sells(chain)
    assert again.number == 2


def test_a_sale_is_voided_once(counter):
    sale = counter.sells(counter.takes_in())

    def undo_it(_person):
        try:
            return undo(counter, sale).void is not None
        except Conflict as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(5) as people:
        answers = list(people.map(undo_it, range(5)))
    assert sorted(map(str, answers)) == ["SaleIsVoid"] * 4 + ["True"]


def test_a_void_and_a_sale_of_the_same_goods_do_not_wait_in_a_circle(counter):
    coins = counter.takes_in(name="Coin", quantity=5)
    sale = counter.sells(coins)
    wanted = counter.form(coins, payments=paid(cash="38344000"))
    with ThreadPoolExecutor(1) as other_till:
        with counter.work() as uow:
            take(uow, {coins.id: 1}, document=new_id())
            voiding = other_till.submit(undo, counter, sale)
            with pytest.raises(TimeoutError):
                voiding.result(0.3)
            sell(uow, wanted)
        assert voiding.result(10).void is not None
    assert counter.stock(coins) == 5 - 1 - 1


def test_of_a_void_sale_nothing_comes_back_and_what_came_back_is_not_voided(counter):
    first, second = counter.sells(counter.takes_in()), counter.sells(counter.takes_in())
    undo(counter, first)
    with pytest.raises(SaleIsVoid):
        back(counter, first)
    back(counter, second)
    with pytest.raises(SaleHasRefunds):
        undo(counter, second)


def test_a_sale_whose_old_gold_is_melted_cannot_be_voided(counter):
    chain = counter.takes_in("10.000", "12")
    sale = counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}])
    with counter.work() as uow:
        take(uow, {sale.old_gold[0].item: 1}, document=new_id(), reason="melted")
    with pytest.raises(OutOfStock):
        undo(counter, sale)
    assert (sale_now(counter, sale).void, counter.stock(chain)) == (None, 0)


# Exchanges


def test_an_exchange_is_paid_by_what_comes_back_and_the_rest(counter):
    ring, chain = counter.takes_in("4.250", "18"), counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(ring)
    made = swap(counter, sale, chain, payments=paid(card="46933000"))
    assert [(each.method, each.amount.amount) for each in made.payments] == [
        ("exchange", 38_344_000),
        ("card", 46_933_000),
    ]
    with counter.work() as uow:
        returned = queries.refund_for(uow, made.id)
    assert [(each.method, each.amount.amount) for each in returned.payments] == [("exchange", 38_344_000)]
    assert (returned.sale, returned.exchange) == (sale.id, made.id)
    assert (counter.stock(ring), counter.stock(chain)) == (1, 0)


def test_an_exchange_for_less_gives_the_difference(counter):
    ring, chain = counter.takes_in("4.250", "18"), counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(chain)
    made = swap(counter, sale, ring, payments=paid(cash="46933000"))
    assert [(each.method, each.amount.amount) for each in made.payments] == [("exchange", 38_344_000)]
    with counter.work() as uow:
        returned = queries.refund_for(uow, made.id)
    assert [(each.method, each.amount.amount) for each in returned.payments] == [
        ("exchange", 38_344_000),
        ("cash", 46_933_000),
    ]


def test_an_exchange_of_equals_needs_no_money(counter):
    rings = [counter.takes_in(), counter.takes_in()]
    sale = counter.sells(rings[0])
    made = swap(counter, sale, rings[1])
    assert [(each.method, each.amount.amount) for each in made.payments] == [("exchange", 38_344_000)]
    assert (counter.stock(rings[0]), counter.stock(rings[1])) == (1, 0)


def test_an_exchange_whose_money_is_off_changes_nothing(counter):
    ring, chain = counter.takes_in("4.250", "18"), counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(ring)
    with pytest.raises(PaymentsDoNotMatch):
        swap(counter, sale, chain, payments=paid(card="1"))
    with pytest.raises(ExchangeOfNothing):
        swap(counter, sale, old_gold=[{"weight": "6.120", "fineness": "750"}])
    assert (counter.stock(ring), counter.stock(chain), sale_now(counter, sale).came_back) == (0, 1, False)


def test_the_same_exchange_again_is_the_same_sale(counter):
    rings = [counter.takes_in(), counter.takes_in()]
    sale = counter.sells(rings[0])
    key = str(new_id())
    first = swap(counter, sale, rings[1], id=key)
    assert swap(counter, sale, rings[1], id=key).number == first.number


def test_the_key_of_an_exchange_is_not_good_for_another_sale(counter):
    rings = [counter.takes_in() for _ring in range(3)]
    first, second = counter.sells(rings[0]), counter.sells(rings[1])
    key = str(new_id())
    swap(counter, first, rings[2], id=key)
    with pytest.raises(KeyUsedBefore):
        swap(counter, second, rings[2], id=key)
    assert [counter.stock(ring) for ring in rings] == [1, 0, 0]


def test_what_was_paid_with_returned_goods_is_refunded_and_not_voided(counter):
    rings = [counter.takes_in(), counter.takes_in()]
    taken = swap(counter, counter.sells(rings[0]), rings[1])
    with pytest.raises(SaleIsExchange):
        undo(counter, taken)
    assert [counter.stock(ring) for ring in rings] == [1, 0]
    assert back(counter, taken).due == 38_344_000


def test_an_exchange_and_a_sale_of_the_same_two_goods_do_not_wait_for_each_other_for_ever(counter, monkeypatch):
    low, high = sorted(
        (counter.takes_in("2.000", "5", name=name, quantity=5) for name in ("Coin", "Half")), key=lambda item: item.id
    )
    before = counter.sells(high)
    halfway = threading.Event()

    def slowly(*told):
        halfway.set()
        time.sleep(0.3)
        return hand_over(*told)

    monkeypatch.setattr(exchanging, "hand_over", slowly)
    with ThreadPoolExecutor(2) as tills:
        swapped = tills.submit(swap, counter, before, low)
        halfway.wait(5)
        sold = tills.submit(counter.sells, low, high)
        assert (swapped.result().pieces, sold.result().pieces) == ({low.id: 1}, {low.id: 1, high.id: 1})
    assert (counter.stock(low), counter.stock(high)) == (3, 4)
