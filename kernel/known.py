"""What a process keeps in memory of what concerns all shops, at most a second old.

Each kind of it has a version in the database, raised by whoever changes it; every process looks at the versions once a
second (`kernel/maintenance.Watch`) and reads anew what changed. So no page asks for what hardly ever changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel import flags
from kernel.flags import Rule, Sightings
from kernel.tables import versions

if TYPE_CHECKING:
    from kernel.uow import Executes, PlatformWork

FLAGS = "flags"


def raise_version(work: PlatformWork, name: str) -> None:
    """What every process knows by this name is old from the commit on."""
    first = upsert(versions).values(name=name, version=1)
    raised = first.on_conflict_do_update(index_elements=["name"], set_={"version": versions.c.version + 1})
    work.execute(raised)


class Known:
    """While the database is away a process goes on with what it knew; before it knew anything, every flag is as its
    plugin declares it."""

    def __init__(self) -> None:
        self.is_fresh = False
        self.versions: Mapping[str, int] = {}
        self.rules: Mapping[str, Rule] = {}
        self.sightings = Sightings()

    def learn(self, work: Executes) -> None:
        """Look whether anything changed, and read that."""
        found = {row.name: row.version for row in work.execute(select(versions.c.name, versions.c.version))}
        if not self.is_fresh or found.get(FLAGS) != self.versions.get(FLAGS):
            self.rules = flags.rules(work)
        self.versions, self.is_fresh = found, True
