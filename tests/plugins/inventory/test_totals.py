"""All of the stock together: what was added up and what moved since are what the items say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.ids import new_id
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.money import Money
from plugins.inventory.actions.add_up import add_up
from plugins.inventory.actions.weigh import weigh
from plugins.inventory.domain.item import Weighed
from plugins.inventory.domain.total import Total
from plugins.inventory.jobs import add_up_stock
from plugins.inventory.public import put_back, take, take_in_scrap, totals

NOW = timedelta(0)
FINE = 4_250 * 7_500  # of the ring


def gold(pieces, worth, fine):
    return Total(Metal.GOLD, pieces, worth, FineWeight(fine))


def of_items(uow):
    return uow.ask("SELECT sum(on_hand) AS pieces, sum(worth) AS worth, sum(fine * on_hand) AS fine FROM shop.items")[0]


def test_a_shop_without_stock_has_none(uow):
    assert totals(uow) == []


def test_the_total_is_the_same_before_and_after_it_was_added_up(uow, ring, coins, caplog):
    all_of_it = [gold(11, 35_000_000, FINE * 11)]
    assert totals(uow) == all_of_it
    add_up(uow, settled=NOW)
    assert totals(uow) == all_of_it
    add_up(uow, settled=NOW)
    assert (totals(uow), caplog.records) == (all_of_it, [])


def test_what_moved_since_counts_at_once(uow, ring, take_in, branch, caplog):
    other = take_in()
    add_up(uow, settled=NOW)
    sale = new_id()
    take(uow, {ring.id: 1, other.id: 1}, document=sale)
    put_back(uow, {other.id: 1}, document=new_id(), taken_by=sale)
    take_in_scrap(
        uow, metal=Metal.GOLD, weight=Weight.grams(2), fineness=Fineness(7500), paid=Money(9_000_000, "IRT"),
        document=sale, branch=branch,
    )  # fmt: skip
    heavier = Weighed(Metal.GOLD, Fineness(7500), None, Weight.grams(5), Weight.grams(5))
    weigh(uow, other.id, heavier, 26_000_000, "weighed again", seen=1)
    since = totals(uow)
    assert since == [gold(2, 35_000_000, 5_000 * 7_500 + 2_000 * 7_500)]
    row = of_items(uow)
    assert since == [gold(row.pieces, row.worth, row.fine)]
    add_up(uow, settled=NOW)
    assert (totals(uow), caplog.records) == (since, [])


def test_each_metal_stands_by_itself(uow, ring, take_in):
    take_in(metal=Metal.SILVER, stamped=Fineness(9250), cost=1_000)
    take_in(weighed=Weighed(None, None, None, Weight(0), Weight(0)), cost=7)
    assert [(each.metal, each.pieces, each.worth) for each in totals(uow)] == [
        (Metal.SILVER, 1, 1_000),
        (Metal.GOLD, 1, 25_000_000),
        (None, 1, 7),
    ]


def test_what_is_just_moving_is_left_for_the_next_time(uow, ring):
    add_up_stock(uow)
    assert uow.ask("SELECT * FROM shop.stock_totals") == []
    assert totals(uow) == [gold(1, 25_000_000, FINE)]


@pytest.mark.parametrize("column", ["pieces", "worth", "fine"])
def test_a_total_that_is_wrong_is_said(uow, ring, caplog, column):
    add_up(uow, settled=NOW)
    uow.ask(f"UPDATE shop.stock_totals SET {column} = {column} + 1")
    add_up(uow, settled=NOW)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
