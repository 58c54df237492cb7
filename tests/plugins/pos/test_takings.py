"""What the till took: kept by the hour with every document, by the shop's own clock, and proved against them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from kernel.tables import tenants
from plugins.accounting.domain.chart import COST_OF_GOODS, DISCOUNT
from plugins.pos import queries
from plugins.pos.domain.takings import Takings
from plugins.pos.jobs import prove_all_takings
from plugins.pos.public import takings
from tests.plugins.pos.conftest import paid
from tests.plugins.pos.test_taking_back import back, swap, undo

#: One ring of 4.250 g at 18 karat, as the worked day has it, paid in cash.
RING = Takings(
    sales=1,
    sold=38_344_000,
    pieces=1,
    gold=31_875_000,
    revenue=37_562_350,
    cost=25_000_000,
    cash=38_344_000,
)


def days(counter, first, last):
    with counter.work() as uow:
        return takings(uow, first, last)


def prove(counter):
    with counter.work() as uow:
        step = prove_all_takings(uow)
        while step is not None:
            step = prove_all_takings(uow, **step.args)


def test_a_sale_is_counted_with_its_pieces_gold_cost_and_cash(counter, clock):
    counter.sells(counter.takes_in())
    counter.sells(counter.takes_in(), payments=paid(card="30000000", cash="9000000"))
    today = clock.now().date()
    mixed = Takings(1, 38_344_000, pieces=1, gold=31_875_000, revenue=37_562_350, cost=25_000_000, cash=8_344_000)
    assert days(counter, today, today) == {today: RING + mixed}
    assert RING.profit == 37_562_350 - 25_000_000


def test_a_refund_and_a_void_count_when_they_happen(counter, clock):
    sales = [counter.sells(counter.takes_in()) for _piece in range(3)]
    monday = clock.now().date()
    clock.advance(timedelta(days=1))
    counter.rate("7000000")
    back(counter, sales[0])
    undo(counter, sales[1])
    before, after = days(counter, monday, monday + timedelta(days=1)).values()
    assert before == RING + RING + RING
    assert after == Takings(
        refunds=1,
        refunded=38_344_000,
        voids=1,
        voided=38_344_000,
        pieces=-2,
        gold=-2 * 31_875_000,
        revenue=-2 * 37_562_350,
        cost=-50_000_000,
        cash=-2 * 38_344_000,
    )
    assert after.net == -2 * 38_344_000


def test_the_hour_is_the_one_on_the_shops_wall(open_counter, new_shop, clock):
    tehran, dubai = open_counter(new_shop("IR"), "7000000"), open_counter(new_shop("AE"), "300")
    clock.at = datetime(2025, 6, 2, 20, 45, tzinfo=UTC)
    for counter in (tehran, dubai):
        counter.rate("7000000" if counter is tehran else "300")
        counter.sells(counter.takes_in(cost=100))
    with tehran.work() as here, dubai.work() as there:
        asked = date(2025, 6, 2), date(2025, 6, 3)
        hours = [queries.past(uow, *asked, hours_of=asked).hours for uow in (here, there)]
    assert [{day: list(found) for day, found in each.items()} for each in hours] == [
        {date(2025, 6, 3): [0]},
        {date(2025, 6, 3): [0]},
    ]


def test_gross_profit_is_that_of_the_books(counter, clock, superuser):
    sale = counter.sells(counter.takes_in())
    counter.sells(counter.takes_in("9.000", "12", cost=50_000_000), discount="1000000")
    back(counter, sale)
    day = clock.now().date()
    books = superuser.execute(
        """
        SELECT -sum(e.amount) FROM shop.entries AS e JOIN shop.account_roles AS r
        ON r.tenant_id = e.tenant_id AND r.account = e.account
        WHERE e.tenant_id = %s AND e.unit = 'IRT' AND (r.role LIKE 'revenue.%%' OR r.role IN (%s, %s))
        """,
        [counter.shop.id, COST_OF_GOODS, DISCOUNT],
    ).fetchone()
    assert days(counter, day, day)[day].profit == books[0]


def test_takings_prove_whatever_happened(counter, clock, caplog):
    ring, chain = counter.takes_in(), counter.takes_in("10.000", "12", name="Chain")
    sale = counter.sells(ring)
    counter.sells(chain, old_gold=[{"weight": "6.120", "fineness": "750"}], payments=paid(transfer="43008000"))
    undo(counter, counter.sells(counter.takes_in()))
    swap(counter, sale, counter.takes_in())
    kept = days(counter, date(2025, 1, 1), date(2025, 12, 31))
    clock.advance(timedelta(days=40))
    prove(counter)
    assert caplog.records == []
    assert days(counter, date(2025, 1, 1), date(2025, 12, 31)) == kept


@pytest.mark.parametrize("broken", ["UPDATE shop.sale_hours SET cash = cash + 5", "DELETE FROM shop.sale_hours"])
def test_what_does_not_prove_is_said_and_counted_anew(counter, clock, superuser, caplog, broken):
    counter.sells(counter.takes_in())
    day = clock.now().date()
    superuser.execute(f"{broken} WHERE tenant_id = %s", [counter.shop.id])
    prove(counter)
    assert days(counter, day, day) != {day: RING}
    clock.advance(timedelta(days=1))
    prove(counter)
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert days(counter, day, day) == {day: RING}


def test_an_hour_that_lost_its_documents_to_another_zone_is_said_once(counter, clock, caplog):
    counter.sells(counter.takes_in())
    with counter.work() as uow:
        uow.execute(update(tenants).where(tenants.c.id == counter.shop.id).values(zone="Pacific/Auckland"))
        uow.renew_shop()
    clock.advance(timedelta(days=3))
    prove(counter)
    assert {record.levelname for record in caplog.records} == {"CRITICAL"}
    caplog.clear()
    prove(counter)
    assert caplog.records == []
