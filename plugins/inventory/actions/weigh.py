"""Weigh and value an item again: the scale, the assay or the invoice said something else than was written down."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.inventory import queries, store
from plugins.inventory.actions.adjust import announce
from plugins.inventory.actions.receive import check_countable
from plugins.inventory.domain.errors import MovedMeanwhile, NotHere
from plugins.inventory.domain.item import Item, Weighed
from plugins.inventory.domain.reasons import Reason


def weigh(uow: UnitOfWork, item_id: UUID, weighed: Weighed, worth: int, note: str, *, seen: int) -> Item:
    """The difference in pure metal and in cost becomes a movement. `worth` is of the `seen` that were in stock.

    Raises NotHere for what was sold, MovedMeanwhile where another number is there by now.
    """
    item = queries.items.item(uow, item_id)
    check_countable(weighed.fine.units, item.on_hand)
    moved = store.movements.correct(
        uow,
        item.id,
        gross=weighed.gross,
        net=weighed.net,
        stamped=weighed.stamped,
        assayed=weighed.assayed,
        worth=worth,
        reason=Reason.CORRECTED,
        note=note,
    )
    if moved is None:
        raise NotHere(item.name)
    # The ledger counts under its lock; with the refusal goes what it has just written.
    if moved.on_hand != seen:
        raise MovedMeanwhile(item.name, seen, moved.on_hand)
    if moved.cost or moved.fine:
        announce(uow, item, moved, Reason.CORRECTED)
    return queries.items.item(uow, item.id)
