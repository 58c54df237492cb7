"""Add up the stock: what moved goes into the totals, and the totals are proved against every item."""

from __future__ import annotations

import logging
from datetime import timedelta

from kernel.uow import UnitOfWork
from plugins.inventory import queries, store

log = logging.getLogger(__name__)

#: Movements are in the order of their ids only when everybody who took one has committed: no transaction lasts so long.
SETTLED = timedelta(minutes=15)


def add_up(uow: UnitOfWork, settled: timedelta = SETTLED) -> None:
    """Where totals and items differ, that is said loudly and left as it is: one of them is wrong, and nobody knows."""
    store.totals.add_up(uow, settled)
    for wrong in queries.totals.wrong_totals(uow):
        log.critical(
            "the stock does not prove: %s in branch %s is kept as %s and counts as %s",
            wrong.metal or "no metal", wrong.branch_id, wrong.kept, wrong.counted,
            extra={"tenant": str(uow.shop.id)},
        )  # fmt: skip
