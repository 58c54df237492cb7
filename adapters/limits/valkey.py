"""Tries counted in Valkey or Redis, for all processes together."""

from __future__ import annotations

from collections.abc import Sequence

from redis import Redis
from redis.exceptions import RedisError

from kernel.errors import TryLater
from web.pace import Quota, Used

# One step on the server, for all counts of a request: a process that dies between two steps would otherwise leave a
# count that never ends. A window begins with its first try.
_COUNT = """
local counted = {}
for place, key in ipairs(KEYS) do
    local count = redis.call('INCR', key)
    if count == 1 then redis.call('PEXPIRE', key, ARGV[place]) end
    table.insert(counted, count)
    table.insert(counted, redis.call('PTTL', key))
end
return counted
"""


class ValkeyLimits:
    def __init__(self, valkey: Redis, tries_a_minute: int = 5) -> None:
        self._count = valkey.register_script(_COUNT)
        self.tries_a_minute = tries_a_minute

    def allow(self, what: str, *, most: int, seconds: int) -> bool:
        [used] = self.count([(what, Quota(what, most, seconds))])
        return not used.is_over

    def count(self, asked: Sequence[tuple[str, Quota]]) -> list[Used]:
        keys = [f"limit:{what}" for what, _quota in asked]
        try:
            counted = self._count(keys=keys, args=[quota.seconds * 1000 for _what, quota in asked])
        except (RedisError, OSError) as down:
            raise TryLater from down
        return [
            Used(quota, int(count), max(1, -(-int(left_ms) // 1000)))
            for (_what, quota), count, left_ms in zip(asked, counted[::2], counted[1::2], strict=True)
        ]
