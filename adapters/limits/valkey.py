"""Tries counted in Valkey or Redis, for all processes together."""

from __future__ import annotations

from redis import Redis
from redis.exceptions import RedisError

from kernel.errors import TryLater

# One step on the server: a process that dies between the two would otherwise leave a count that never ends.
_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class ValkeyLimits:
    def __init__(self, valkey: Redis) -> None:
        self._count = valkey.register_script(_COUNT)

    def allow(self, what: str, *, most: int, seconds: int) -> bool:
        try:
            count = self._count(keys=[f"limit:{what}"], args=[seconds * 1000])
        except (RedisError, OSError) as down:
            raise TryLater from down
        return int(count) <= most
