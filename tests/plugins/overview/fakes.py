"""A machine with half of its disk free. Who is at work is told by the fakes of `jobs`."""

from __future__ import annotations

from typing import Any

from adapters.presence.memory import MemoryPresence
from kernel.presence import Presence
from plugins.overview.ports import Machine, Space


class HalfFull:
    """A test may set `space` to something else."""

    space: Space | None = Space(100 * 1024**3, 50 * 1024**3)

    def disk(self) -> Space | None:
        return self.space


def adapters() -> dict[type[Any], Any]:
    return {Machine: HalfFull(), Presence: MemoryPresence()}
