"""Sessions remembered in this process.

Each process asks the database once a second for each session at most. To ask Valkey first costs six times what asking
memory does, and a person who clicks every few seconds is remembered by neither (docs/decisions/0008).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

AT_MOST_S = 1.0
MOST = 10_000


class MemorySessions:
    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def recall(self, key: str) -> bytes | None:
        with self._lock:
            kept = self._kept.get(key)
        return kept[1] if kept and time.monotonic() < kept[0] else None

    def keep(self, key: str, found: bytes) -> None:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (time.monotonic() + AT_MOST_S, found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, key: str) -> None:
        with self._lock:
            self._kept.pop(key, None)
