"""What an item is, by itself; and the ledger under everything that can happen to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.errors import BadInput, Conflict
from kernel.ids import new_id
from kernel.metal import Fineness, FineWeight, Metal, Weight
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.actions.adjust import adjust
from plugins.inventory.actions.receive import receive
from plugins.inventory.domain.item import Kind, Making, MakingKind, Weighed
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.domain.search import sold_as
from plugins.inventory.domain.words import asked_for, words_of
from plugins.inventory.public import for_sale, put_back, take
from plugins.pricing.domain.making import Making as PricedMaking
from plugins.pricing.domain.making import MakingKind as PricedKind
from tests.plugins.inventory.conftest import a_ring


def test_pricing_reads_every_form_of_a_making_charge():
    assert {kind.value for kind in MakingKind} == {kind.value for kind in PricedKind}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (MakingKind.PERCENT, "10000.001"),
        (MakingKind.MILYEM, "1000.1"),
        (MakingKind.MILYEM, "12.34"),
        (MakingKind.GOLD, "0.1234"),
        (MakingKind.NONE, "1"),
    ],
)
def test_what_pricing_could_not_read_is_refused_here(kind, value):
    with pytest.raises(BadInput) as refused:
        Making(kind, Decimal(value))
    assert list(refused.value.fields) == ["making_value"]


@pytest.mark.parametrize(
    ("kind", "value"), [("percent", "18"), ("per_gram", "2500.5"), ("gold", "0.125"), ("milyem", "12.5"), ("none", "0")]
)
def test_what_the_till_is_given_pricing_understands(uow, take_in, kind, value):
    ring = take_in(making=Making(MakingKind(kind), Decimal(value)))
    given_to_the_till = for_sale(uow, [ring.id])[ring.id].making
    assert given_to_the_till == {"kind": kind, "value": value, "fineness": None}
    assert PricedMaking(PricedKind(kind), Decimal(value)).kind.value == kind


def test_it_is_sold_as_stamped_and_counted_as_assayed():
    weighed = Weighed(Metal.GOLD, Fineness(7500), Fineness(7480), Weight(5000), Weight(4250))
    assert (weighed.fineness, weighed.fine) == (Fineness(7500), FineWeight(4250 * 7480))
    assert Weighed(None, None, None, Weight(0), Weight(0)).fine == FineWeight(0)


def test_a_karat_is_every_fineness_that_is_sold_by_it():
    assert set(sold_as(22)) == {9160, 9166, 9167}
    assert sold_as(18) == (7500,)
    assert sold_as(99) == ()


@given(st.lists(st.text(max_size=40), max_size=4))
def test_whatever_is_written_is_found_by_its_own_words(texts):
    words = words_of(*texts)
    assert words.startswith(" ")
    assert words.endswith(" ")
    for text in texts:
        for asked in asked_for(text):
            assert f" {asked}" in words


steps = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.integers(1, 5), st.integers(0, 1_000)),
        st.tuples(st.just("take"), st.integers(1, 6), st.just(0)),
        st.tuples(st.just("back"), st.integers(1, 3), st.integers(0, 5)),
        st.tuples(st.just("lose"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("find"), st.integers(1, 3), st.just(0)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_happens_the_ledger_adds_up_and_nothing_is_negative(database, shop, actor, happening):
    with database.for_shop(shop.id, actor) as uow:
        coins = add(uow, a_ring(branches(uow)[0].id, kind=Kind.COUNTED, quantity=3, cost=100))
        sales, taken, refused = [], {}, 0
        for what, quantity, other in happening:
            before = queries.items.item(uow, coins.id)
            try:
                if what == "receive":
                    receive(uow, coins.id, quantity, other)
                elif what == "take":
                    sale = new_id()
                    taken[sale] = take(uow, {coins.id: quantity}, document=sale)[coins.id]
                    sales.append(sale)
                elif what == "back" and sales:
                    sale = sales[other % len(sales)]
                    put_back(uow, {coins.id: quantity}, document=new_id(), taken_by=sale)
                elif what in ("lose", "find"):
                    adjust(uow, coins.id, quantity, Reason.LOST if what == "lose" else Reason.FOUND)
            except Conflict:
                refused += 1
                assert queries.items.item(uow, coins.id) == before
        lines = queries.movements.movements_of(uow, coins.id, limit=100)
        now = queries.items.item(uow, coins.id)
        assert (now.on_hand, now.worth) == (sum(m.quantity for m in lines), sum(m.cost for m in lines))
        assert FineWeight(sum(m.fine.units for m in lines)) == now.weighed.fine * now.on_hand
        assert all(m.on_hand >= 0 for m in lines)
        for sale, left in taken.items():
            back = [m for m in lines if m.reason == Reason.RETURNED and undoes(uow, m.id) == sale]
            assert sum(m.quantity for m in back) <= -left.quantity
            if sum(m.quantity for m in back) == -left.quantity:
                assert sum(m.cost for m in back) == -left.cost


def undoes(uow, movement):
    return uow.connection.exec_driver_sql(
        "SELECT undoes FROM shop.stock_movements WHERE id = %(id)s::uuid", {"id": movement}
    ).scalar_one()
