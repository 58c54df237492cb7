"""Tries counted in this process: for one process, and for tests."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import ceil
from threading import Lock

from web.pace import Quota, Used


class MemoryLimits:
    def __init__(self, tries_a_minute: int = 5) -> None:
        self.tries_a_minute = tries_a_minute
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def allow(self, what: str, *, most: int, seconds: int) -> bool:
        [used] = self.count([(what, Quota(what, most, seconds))])
        return not used.is_over

    def count(self, asked: Sequence[tuple[str, Quota]]) -> list[Used]:
        now = time.monotonic()
        counted = []
        with self._lock:
            self._counts = {name: kept for name, kept in self._counts.items() if now < kept[0]}
            for what, quota in asked:
                until, count = self._counts.get(what, (now + quota.seconds, 0))
                self._counts[what] = (until, count + 1)
                counted.append(Used(quota, count + 1, max(1, ceil(until - now))))
        return counted

    def forget(self) -> None:
        """Begin again; tests share an address."""
        with self._lock:
            self._counts.clear()
