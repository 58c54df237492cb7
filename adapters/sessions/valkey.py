"""Sessions remembered in Valkey or Redis, for all processes together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

AT_MOST_MS = 1000
#: After Valkey did not answer, so long nobody waits for it again.
PAUSE_S = 5.0


class ValkeySessions:
    """Without Valkey every request asks the database: slower, and as safe."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._silent_until = 0.0

    def recall(self, key: str) -> bytes | None:
        found = self._ask(self._valkey.get, _name(key))
        return found if isinstance(found, bytes) else None

    def keep(self, key: str, found: bytes) -> None:
        self._ask(self._valkey.set, _name(key), found, px=AT_MOST_MS)

    def forget(self, key: str) -> None:
        self._ask(self._valkey.delete, _name(key))

    def _ask(self, command: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if time.monotonic() < self._silent_until:
            return None
        try:
            return command(*args, **options)
        except (RedisError, OSError) as down:
            self._silent_until = time.monotonic() + PAUSE_S
            log.warning("sessions are not remembered for %s s: %s", PAUSE_S, down)
            return None


def _name(key: str) -> str:
    return f"session:{key}"
