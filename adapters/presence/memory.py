"""Presence within this process: for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kernel.jobs import QUEUES
from kernel.presence import Present


class MemoryPresence:
    def __init__(self) -> None:
        self._told: dict[str, Present] = {}

    def tell(self, one: Present) -> None:
        self._told[one.name] = one

    def leave(self, one: Present) -> None:
        self._told.pop(one.name, None)

    def seen(self) -> Sequence[Present] | None:
        return sorted(self._told.values(), key=lambda one: (one.kind, one.name))

    def queued(self) -> Mapping[str, int] | None:
        return dict.fromkeys(QUEUES, 0)
