"""What is done about jobs by the clock: what ended long ago is forgotten."""

from __future__ import annotations

from datetime import datetime

from kernel import outbox
from kernel.uow import Database, PlatformWork

#: After so many the next hour goes on: it holds the clock up.
BATCHES = 50


def forget_old_jobs(work: PlatformWork, slot: datetime, database: Database) -> None:
    for _batch in range(BATCHES):
        with database.for_platform("forget old jobs", work.actor) as batch:
            if not outbox.sweep(batch):
                return
