"""Quantities change through the ledger, and in no other way."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from psycopg.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.limits import LimitReached
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.actions.receive import receive
from plugins.inventory.actions.weigh import weigh
from plugins.inventory.domain.errors import AlreadyInStock, MovedMeanwhile, NotHere, NotTaken, OutOfStock, TooMuch
from plugins.inventory.domain.item import Kind
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.public import drop_scrap, for_sale, put_back, take, take_in_scrap
from tests.plugins.inventory.conftest import a_ring

FINE = 4_250 * 7_500  # of the ring


def on_hand(uow, item):
    return queries.items.item(uow, item.id).on_hand


def test_a_piece_is_taken_once(uow, ring, ledger):
    sale = new_id()
    moved = take(uow, {ring.id: 1}, document=sale)[ring.id]
    assert (moved.quantity, moved.cost, moved.fine, moved.on_hand) == (-1, -25_000_000, FineWeight(-FINE), 0)
    with pytest.raises(OutOfStock, match="Ring Toranj"):
        take(uow, {ring.id: 1}, document=new_id())
    assert ledger(ring) == [("received", 1, 25_000_000), ("sold", -1, -25_000_000)]


def test_all_of_a_cart_leaves_or_nothing(uow, ring, coins, ledger):
    with pytest.raises(OutOfStock, match="Coin Bahar"):
        take(uow, {ring.id: 1, coins.id: 11}, document=new_id())
    assert (on_hand(uow, ring), on_hand(uow, coins)) == (1, 10)
    assert [line[0] for line in ledger(ring) + ledger(coins)] == ["received", "received"]


def test_taking_is_one_statement_for_any_cart(uow, ring, coins, statements):
    with statements.counted() as sent:
        take(uow, {ring.id: 1, coins.id: 2}, document=new_id())
    assert len(sent) == 1
    with statements.counted() as sent:
        for_sale(uow, [ring.id, coins.id])
    assert len(sent) == 1


def test_of_twenty_who_take_one_ring_one_gets_it(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        ring = add(uow, a_ring(branches(uow)[0].id))
    together = threading.Barrier(8)

    def sell(_number):
        if _number < 8:
            together.wait(timeout=10)
        try:
            with database.for_shop(shop.id, actor) as uow:
                take(uow, {ring.id: 1}, document=new_id())
        except OutOfStock:
            return "out of stock"
        return "sold"

    with ThreadPoolExecutor(8) as tills:
        ends = sorted(tills.map(sell, range(20)))
    assert ends == ["out of stock"] * 19 + ["sold"]
    with database.for_shop(shop.id, actor) as uow:
        reasons = [line.reason for line in queries.movements.movements_of(uow, ring.id)]
        assert (on_hand(uow, ring), reasons) == (0, ["sold", "received"])


def test_two_carts_with_the_same_pieces_do_not_wait_for_each_other_for_ever(database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        branch = branches(uow)[0].id
        pieces = [add(uow, a_ring(branch, kind=Kind.COUNTED, quantity=200)) for _number in range(6)]

    def sell(number):
        order = pieces if number % 2 else pieces[::-1]
        with database.for_shop(shop.id, actor) as uow:
            take(uow, {piece.id: 1 for piece in order}, document=new_id())

    with ThreadPoolExecutor(8) as tills:
        list(tills.map(sell, range(100)))
    with database.for_shop(shop.id, actor) as uow:
        assert [on_hand(uow, piece) for piece in pieces] == [100] * 6


def test_what_leaves_takes_its_share_of_the_cost_and_the_last_takes_the_rest(uow, take_in, ledger):
    coins = take_in(kind=Kind.COUNTED, quantity=1, cost=100)
    receive(uow, coins.id, 2, 50)
    for _sale in range(3):
        take(uow, {coins.id: 1}, document=new_id())
    assert [line[2] for line in ledger(coins)] == [100, 100, -66, -67, -67]
    assert queries.items.item(uow, coins.id).worth == 0


def test_what_comes_back_comes_at_the_cost_at_which_it_left(uow, coins, ledger):
    sale, refund = new_id(), new_id()
    take(uow, {coins.id: 3}, document=sale)
    receive(uow, coins.id, 1, 9_000_000)
    put_back(uow, {coins.id: 1}, document=refund, taken_by=sale)
    put_back(uow, {coins.id: 2}, document=new_id(), taken_by=sale)
    assert ledger(coins)[2:] == [("received", 1, 9_000_000), ("returned", 1, 1_000_000), ("returned", 2, 2_000_000)]


def test_no_more_comes_back_than_was_taken(uow, ring, coins, ledger):
    sale = new_id()
    take(uow, {ring.id: 1, coins.id: 2}, document=sale)
    put_back(uow, {ring.id: 1, coins.id: 1}, document=sale, reason=Reason.VOIDED)
    with pytest.raises(NotTaken, match="Coin Bahar"):
        put_back(uow, {coins.id: 2}, document=sale)
    with pytest.raises(NotTaken):
        put_back(uow, {coins.id: 1}, document=new_id())
    with pytest.raises(AlreadyInStock):
        put_back(uow, {ring.id: 1}, document=sale)
    assert (on_hand(uow, ring), on_hand(uow, coins)) == (1, 9)


def test_an_unknown_item_cannot_be_taken(uow, ring):
    with pytest.raises(NotFound):
        take(uow, {ring.id: 1, new_id(): 1}, document=new_id())
    assert on_hand(uow, ring) == 1


def test_another_shops_item_is_unknown(database, uow, ring, new_shop, actor):
    other = new_shop("AE")
    with database.for_shop(other.id, actor) as theirs:
        with pytest.raises(NotFound):
            take(theirs, {ring.id: 1}, document=new_id())
        assert for_sale(theirs, [ring.id]) == {}
    assert on_hand(uow, ring) == 1


def test_receiving_is_announced_with_its_cost_and_its_pure_metal(uow, take_in, heard):
    coins = take_in(kind=Kind.COUNTED, quantity=4, cost=1_000)
    (event,) = heard
    assert (event.item, event.quantity, event.cost, event.metal, event.fine, event.reason, event.items) == (
        coins.id, 4, 4_000, "gold", 4 * FINE, "received", 1,
    )  # fmt: skip


def test_an_adjustment_is_announced_with_its_sign(uow, ring, heard):
    adjust(uow, ring.id, 1, Reason.LOST, "not on its tray")
    event = heard[-1]
    assert (type(event).__name__, event.quantity, event.cost, event.fine, event.reason) == (
        "StockAdjusted", -1, -25_000_000, -FINE, "lost",
    )  # fmt: skip
    adjust(uow, ring.id, 1, Reason.FOUND)
    assert (heard[-1].quantity, heard[-1].cost, heard[-1].fine) == (1, 25_000_000, FINE)
    with pytest.raises(AlreadyInStock):
        adjust(uow, ring.id, 1, Reason.FOUND)


def test_an_assay_moves_pure_metal_and_no_piece(uow, ring, heard, ledger):
    assayed = replace(ring.weighed, assayed=Fineness(7480))
    after = weigh(uow, ring.id, assayed, ring.worth, "assayed", seen=1)
    assert (heard[-1].quantity, heard[-1].cost, heard[-1].fine) == (0, 0, 4_250 * -20)
    assert (after.weighed.fine, after.weighed.fineness, after.on_hand) == (FineWeight(4_250 * 7_480), Fineness(7500), 1)
    assert ledger(ring) == [("received", 1, 25_000_000), ("corrected", 0, 0)]


def test_what_is_sold_cannot_be_weighed_again(uow, ring):
    take(uow, {ring.id: 1}, document=new_id())
    with pytest.raises(NotHere):
        weigh(uow, ring.id, ring.weighed, 1, "", seen=1)


def test_a_cost_of_all_is_not_written_on_another_number_of_them(uow, coins, ledger):
    before = ledger(coins)
    take(uow, {coins.id: 4}, document=new_id())
    with pytest.raises(MovedMeanwhile, match=f": {coins.on_hand} were in stock when you began"), uow.nested():
        weigh(uow, coins.id, coins.weighed, 7_000_000, "counted again", seen=coins.on_hand)
    assert ledger(coins) == [*before, ("sold", -4, -4 * coins.unit_cost)]


def test_weighing_without_a_difference_leaves_no_movement(uow, ring, heard, ledger):
    weigh(uow, ring.id, replace(ring.weighed, gross=Weight.grams("4.360")), ring.worth, "", seen=1)
    assert (heard, len(ledger(ring))) == ([], 1)


def test_scrap_comes_in_as_a_lot_of_its_own_and_goes_when_the_sale_is_voided(uow, branch):
    sale = new_id()
    lots = [
        take_in_scrap(
            uow,
            metal=Metal.GOLD,
            weight=Weight.grams("6.120"),
            fineness=Fineness(7400),
            paid=Money(42_268_800, "IRT"),
            document=sale,
            branch=branch,
        )
        for _piece in range(2)
    ]
    first, second = (queries.items.item(uow, lot) for lot in lots)
    assert (first.kind, first.worth, first.weighed.fine) == (Kind.SCRAP, 42_268_800, FineWeight(45_288_000))
    assert (first.sku, second.sku) == ("SCRAP-1", "SCRAP-2")
    drop_scrap(uow, lots, document=sale)
    with pytest.raises(OutOfStock):
        drop_scrap(uow, lots[:1], document=sale)


def test_the_ledger_adds_up_to_what_is_on_hand(uow, ring, coins):
    take(uow, {coins.id: 4}, document=new_id())
    weigh(uow, coins.id, replace(coins.weighed, stamped=Fineness(9000)), 7_000_000, "", seen=coins.on_hand - 4)
    adjust(uow, ring.id, 1, Reason.BROKEN)
    off = uow.execute(
        text(
            "SELECT i.sku FROM shop.items AS i LEFT JOIN shop.stock_movements AS m ON m.item_id = i.id GROUP BY i.id, "
            "i.sku, i.on_hand, i.worth, i.fine HAVING (sum(m.quantity), sum(m.cost), sum(m.fine)) "
            "IS DISTINCT FROM (i.on_hand::bigint, i.worth::numeric, (i.fine * i.on_hand)::numeric)"
        )
    )
    assert off.all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop.items SET on_hand = 5",
        "UPDATE shop.items SET worth = 5",
        "UPDATE shop.items SET net_mg = 5",
        "UPDATE shop.items SET stamped = 9999",
        "DELETE FROM shop.items",
        "UPDATE shop.stock_movements SET quantity = 5",
        "DELETE FROM shop.stock_movements",
        "INSERT INTO shop.stock_movements (id) VALUES (uuidv7())",
        "INSERT INTO shop.item_words (word, item_id) SELECT 'x', id FROM shop.items",
        "INSERT INTO shop.items (id, on_hand) VALUES (uuidv7(), 5)",
    ],
)
def test_the_application_has_no_right_to_write_past_the_ledger(database, shop, actor, statement):
    with database.for_shop(shop.id, actor) as uow:
        add(uow, a_ring(branches(uow)[0].id))
    with pytest.raises(DBAPIError, match="permission denied"), database.for_shop(shop.id, actor) as uow:
        uow.execute(text(statement))


@pytest.mark.parametrize("wrong", ["on_hand = -1", "on_hand = 2", "worth = -1", "on_hand = 0"])
def test_the_database_keeps_nothing_negative_whoever_writes(database, shop, actor, superuser, wrong):
    with database.for_shop(shop.id, actor) as uow:
        add(uow, a_ring(branches(uow)[0].id))
    with pytest.raises(CheckViolation):
        superuser.execute(f"UPDATE shop.items SET {wrong} WHERE tenant_id = %s", (shop.id,))


def test_what_the_books_cannot_hold_is_refused(uow, take_in, coins):
    with pytest.raises(TooMuch):
        take_in(kind=Kind.COUNTED, quantity=1_000_000, gross=Weight(10**9), net=Weight(10**9))
    with pytest.raises(TooMuch):
        receive(uow, coins.id, 1_000_000, 2**52)
    with pytest.raises(TooMuch):
        receive(uow, coins.id, 1_000_000, 1)


def test_the_plans_limit_counts_items(database, new_shop, actor):
    small = new_shop(plan="small")
    with database.for_shop(small.id, actor) as uow:
        branch = branches(uow)[0].id
        for _number in range(3):
            add(uow, a_ring(branch))
    with pytest.raises(LimitReached, match="3 items"), database.for_shop(small.id, actor) as uow:
        add(uow, a_ring(branch))
