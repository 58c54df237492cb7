"""What happened at the till can be told again, word for word, to those who were not there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.pos.actions.refund import refund
from plugins.pos.actions.void import void
from plugins.pos.forms import RefundForm, VoidForm
from plugins.pos.public import SaleCompleted, SaleRefunded, SaleVoided, told_since
from web.forms import validate


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_everything_is_told_again_in_its_order_and_as_it_was(counter, clock, monkeypatch, at_once):
    said = []
    publish = UnitOfWork.publish

    def listen(uow, event):
        said.append(event)
        publish(uow, event)

    monkeypatch.setattr(UnitOfWork, "publish", listen)
    coins = counter.takes_in(name="Coin", quantity=9)
    sales = [
        counter.sells(lines=[{"item": str(coins.id), "quantity": 2, "discount": "5%"}]),
        counter.sells(counter.takes_in("10.000", "12"), old_gold=[{"weight": "6.120", "fineness": "750"}]),
    ]
    clock.advance(timedelta(minutes=1))
    with counter.work() as uow:
        refund(
            uow,
            sales[0].id,
            validate(
                RefundForm,
                {
                    "id": str(new_id()),
                    "because": "one too many",
                    "lines": [{"line": 1, "quantity": 1}],
                    "method": "cash",
                },
            ),
        )
    clock.advance(timedelta(minutes=1))
    with counter.work() as uow:
        void(uow, sales[1].id, VoidForm(because="typed twice"))
    heard = [event for event in said if isinstance(event, SaleCompleted | SaleRefunded | SaleVoided)]

    told, place = [], ""
    with counter.work() as uow:
        while following := told_since(uow, place, at_once):
            told += [event for _place, event in following]
            place = following[-1][0]
    assert told == heard
