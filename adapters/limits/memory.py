"""Tries counted in this process: for one process, and for tests."""

from __future__ import annotations

import time
from threading import Lock


class MemoryLimits:
    def __init__(self) -> None:
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def allow(self, what: str, *, most: int, seconds: int) -> bool:
        now = time.monotonic()
        with self._lock:
            self._counts = {name: kept for name, kept in self._counts.items() if now < kept[0]}
            until, count = self._counts.get(what, (now + seconds, 0))
            self._counts[what] = (until, count + 1)
        return count < most

    def forget(self) -> None:
        """Begin again; tests share an address."""
        with self._lock:
            self._counts.clear()
