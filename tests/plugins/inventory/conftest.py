"""A shop with a few things in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kernel.metal import Fineness, Metal, Weight
from kernel.uow import UnitOfWork
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.actions.add import add
from plugins.inventory.domain.item import Description, Item, Kind, Making, MakingKind, NewItem, Weighed

_numbers = count(1)

EIGHTEEN = Fineness(7500)


def a_ring(branch: UUID, **changes: Any) -> NewItem:
    """A gold ring of 4.250 g at 18 per cent, bought for 25 million; `changes` by the name of any of its fields."""
    description = Description(
        sku=f"R-{next(_numbers)}", name="Ring Toranj", making=Making(MakingKind.PERCENT, Decimal(18))
    )
    weighed = Weighed(Metal.GOLD, EIGHTEEN, None, Weight.grams("4.350"), Weight.grams("4.250"))
    ring = NewItem(description, weighed, Kind.PIECE, branch, 1, 25_000_000)
    for name, value in changes.items():
        for part in ("description", "weighed"):
            if hasattr(getattr(ring, part), name):
                ring = replace(ring, **{part: replace(getattr(ring, part), **{name: value})})
                break
        else:
            ring = replace(ring, **{name: value})
    return ring


@pytest.fixture
def branch(uow: UnitOfWork) -> UUID:
    return branches(uow)[0].id


@pytest.fixture
def take_in(uow: UnitOfWork, branch: UUID) -> Callable[..., Item]:
    """Put a ring, or what it is changed to, into the stock of this test's shop: `take_in(name="Coin", quantity=5)`."""

    def taken_in(**changes: Any) -> Item:
        return add(uow, a_ring(branch, **changes))

    return taken_in


@pytest.fixture
def ring(take_in: Callable[..., Item]) -> Item:
    return take_in()


@pytest.fixture
def coins(take_in: Callable[..., Item]) -> Item:
    """Ten coins, counted, at one million each."""
    return take_in(name="Coin Bahar", kind=Kind.COUNTED, quantity=10, cost=1_000_000, low_at=3)


@pytest.fixture
def ledger(uow: UnitOfWork) -> Callable[[Item], list[tuple[str, int, int]]]:
    """The movements of an item, oldest first: reason, quantity, cost."""

    def read(item: Item) -> list[tuple[str, int, int]]:
        lines = reversed(queries.movements.movements_of(uow, item.id))
        return [(line.reason, line.quantity, line.cost) for line in lines]

    return read


@pytest.fixture
def heard(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every event this test's unit of work publishes, besides being delivered."""
    events: list[Any] = []
    publish = UnitOfWork.publish

    def listen(self: UnitOfWork, event: Any) -> None:
        events.append(event)
        publish(self, event)

    monkeypatch.setattr(UnitOfWork, "publish", listen)
    return events
