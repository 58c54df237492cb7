"""Sessions remembered in Valkey or Redis, for all processes together."""

from __future__ import annotations

import logging
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

AT_MOST_MS = 1000


class ValkeySessions:
    """Without Valkey every request asks the database: slower, and as safe."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    def recall(self, key: str) -> bytes | None:
        try:
            found: Any = self._valkey.get(_name(key))
        except (RedisError, OSError) as down:
            log.warning("sessions are not remembered: %s", down)
            return None
        return found if isinstance(found, bytes) else None

    def keep(self, key: str, found: bytes) -> None:
        try:
            self._valkey.set(_name(key), found, px=AT_MOST_MS)
        except (RedisError, OSError) as down:
            log.warning("sessions are not remembered: %s", down)

    def forget(self, key: str) -> None:
        try:
            self._valkey.delete(_name(key))
        except (RedisError, OSError) as down:
            log.warning("sessions are not remembered: %s", down)


def _name(key: str) -> str:
    return f"session:{key}"
