"""Maintenance: until when, and why, nobody is let in. A row of the platform that every process looks at."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from kernel.errors import TryLater
from kernel.ids import new_id
from kernel.tables import maintenance
from kernel.tenancy import system
from kernel.uow import Database, PlatformWork

#: How old what a process knows may be.
LOOK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`until` is when it is expected to end; it ends when somebody ends it."""

    until: datetime
    because: str
    begun_at: datetime
    begun_by: str


def begin(work: PlatformWork, until: datetime, because: str = "") -> None:
    """Let nobody in from now on, in place of what was announced before."""
    end(work)
    row = {"until": until, "because": because, "begun_at": work.now, "begun_by": work.actor.name}
    work.execute(insert(maintenance).values(id=new_id(), **row))


def end(work: PlatformWork) -> bool:
    """Let everybody in again. Answers whether there was a maintenance."""
    under_way = update(maintenance).where(maintenance.c.ended_at.is_(None))
    return work.execute(under_way.values(ended_at=work.now, ended_by=work.actor.name)).rowcount > 0


def current(work: PlatformWork) -> Maintenance | None:
    newest = select(maintenance).where(maintenance.c.ended_at.is_(None)).order_by(maintenance.c.begun_at.desc())
    row = work.execute(newest.limit(1)).one_or_none()
    return Maintenance(row.until, row.because, row.begun_at, row.begun_by) if row else None


class Watch:
    """What this process knows of maintenance. While the database is away it goes on with what it knew.

    On its way it looks what else changed for all shops (`kernel/known.py`), and writes down what was seen of flags.
    """

    def __init__(self) -> None:
        self.now: Maintenance | None = None
        self._looked = -LOOK_EVERY_S

    def look(self, database: Database) -> Maintenance | None:
        """Ask the database, unless that was done a moment ago."""
        if time.monotonic() - self._looked >= LOOK_EVERY_S:
            self._looked = time.monotonic()
            try:
                with database.for_platform("look for maintenance", system("door"), read_only=True) as work:
                    self.now = current(work)
                    database.plugins.known.learn(work)
                database.write_sightings()
            except TryLater:
                pass
        return self.now
