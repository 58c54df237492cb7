"""Events: told at once to those who may refuse, after commit to the others, only where the plugin is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from kernel.events import Event, from_plain, on, to_plain
from kernel.ids import new_id
from kernel.metal import Fineness, FineWeight, Weight
from kernel.money import Money
from kernel.tables import outbox, overrides
from kernel.uow import UnitOfWork
from tests.conftest import NOW
from tests.kernel.conftest import plugin
from tests.kernel.trade import BooksClosed, Line, RingSold, book, post, tally, till

SALE = new_id()
SOLD = RingSold(
    SALE,
    Money(12_500_000, "IRT"),
    (Line("R-1", Weight(4_250), Fineness(7_500)),),
    FineWeight(31_875_000),
    Decimal("4125000.5"),
    datetime(2025, 6, 2, 9, 30, tzinfo=UTC),
    date(2025, 7, 1),
)
FREE = RingSold(SALE, Money.zero("IRT"))


def waiting(uow):
    columns = (outbox.c.kind, outbox.c.name, outbox.c.plugin, outbox.c.payload, outbox.c.state, outbox.c.run_at)
    return [tuple(row) for row in uow.execute(select(*columns).where(outbox.c.name != "").order_by(outbox.c.id))]


def test_handlers_in_the_transaction_hear_at_once_and_the_others_through_the_outbox(house, opened, actor):
    database = house(till(), book(), post())
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        uow.publish(SOLD)
        assert tally(uow) == {"booked": 1}
        payload = {"event": "RingSold", "data": to_plain(SOLD)}
        assert waiting(uow) == [("event", "post:RingSold:write_letter", "post", payload, "waiting", NOW)]


def test_a_handler_that_refuses_leaves_nothing_of_the_whole_sale(house, opened, actor):
    database = house(till(), post(), book())
    shop = opened(database)
    with pytest.raises(BooksClosed), database.for_shop(shop.id, actor) as uow:
        uow.next_number("sale")
        uow.publish(FREE)
    with database.for_shop(shop.id, actor) as uow:
        assert (tally(uow), waiting(uow)) == ({}, [])


def test_a_plugin_that_is_off_hears_nothing_now_or_later(house, opened, actor):
    database = house(till(), book(), post())
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        for name in ("book", "post"):
            off = {"tenant_id": shop.id, "kind": "plugin", "name": name, "enabled": False, "set_by": "x"}
            uow.execute(insert(overrides).values(off))
        uow.renew_shop()
        uow.publish(FREE)
        assert (tally(uow), waiting(uow)) == ({}, [])


def test_an_event_nobody_listens_to_is_no_trouble(house, opened, actor, statements):
    database = house(till())
    shop = opened(database)
    with database.for_shop(shop.id, actor) as uow:
        with statements.counted() as sent:
            uow.publish(SOLD)
        assert sent == []


@dataclass(frozen=True, slots=True)
class Told(Event):
    depth: int


@on(Told)
def tell_on(uow: UnitOfWork, told: Told) -> None:
    uow.next_number("told")
    if told.depth:
        uow.publish(Told(told.depth - 1))


def test_who_hears_may_publish_in_turn(house, opened, actor):
    database = house(plugin("till", subscriptions=[tell_on]))
    with database.for_shop(opened(database).id, actor) as uow:
        uow.publish(Told(3))
        assert tally(uow) == {"told": 4}


# Stored events


def test_an_event_comes_back_whole_from_the_outbox():
    assert from_plain("RingSold", to_plain(SOLD)) == SOLD


def test_an_event_in_the_outbox_holds_plain_numbers_and_words():
    assert to_plain(SOLD) == {
        "sale": str(SALE),
        "total": {"amount": 12_500_000, "currency": "IRT"},
        "lines": [{"sku": "R-1", "net": {"mg": 4_250}, "fineness": {"tenths": 7_500}}],
        "fine": {"units": 31_875_000},
        "rate": "4125000.5",
        "at": "2025-06-02T09:30:00Z",
        "due": "2025-07-01",
    }


def test_an_event_stored_before_a_field_was_added_is_still_readable():
    old = {"sale": str(SALE), "total": {"amount": 0, "currency": "IRT"}}
    assert from_plain("RingSold", old) == FREE


def test_an_event_that_no_plugin_declares_any_more_is_said():
    with pytest.raises(KeyError, match="NeverHeardOf"):
        from_plain("NeverHeardOf", {})
