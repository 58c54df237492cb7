"""Prove the takings: what every hour keeps against the documents of that hour, a month at a time."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from kernel.uow import UnitOfWork
from plugins.pos import queries, store

log = logging.getLogger(__name__)

DAYS_AT_ONCE = 31


def prove_takings(uow: UnitOfWork, first: date, last: date) -> date | None:
    """From `first` to `last`, which are over. Answers where to go on; None when all are proved.

    An hour that is wrong is said loudly and counted anew: the documents are what happened.
    """
    until = min(first + timedelta(days=DAYS_AT_ONCE - 1), last)
    for wrong in queries.wrong_hours(uow, first, until):
        log.critical(
            "the takings do not prove: %s at %s o'clock keeps %s and counts %s",
            wrong.day, wrong.hour, wrong.kept_sold, wrong.sold,
            extra={"tenant": str(uow.shop.id)},
        )  # fmt: skip
        store.count_anew(uow, wrong)
    return until + timedelta(days=1) if until < last else None
