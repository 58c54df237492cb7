"""Presence in Valkey: a line for each process in one hash. It holds nothing that is missed when it is lost."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from redis import Redis, RedisError

from kernel.jobs import QUEUES
from kernel.presence import Present, Running

log = logging.getLogger(__name__)

PLACE = "goldsmith:presence"
#: Where dramatiq keeps what waits for a worker (`adapters/jobs/dramatiq_queue.py`).
QUEUE = "goldsmith-jobs:{}"
#: Whoever died without a word is remembered for so long.
REMEMBERED = timedelta(days=1)


class ValkeyPresence:
    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    def tell(self, one: Present) -> None:
        try:
            self._valkey.hset(PLACE, one.name, _written(one))
        except (RedisError, OSError) as down:
            log.debug("nobody is told that this process lives: %s", down)

    def leave(self, one: Present) -> None:
        with suppress(RedisError, OSError):
            self._valkey.hdel(PLACE, one.name)

    def seen(self) -> Sequence[Present] | None:
        try:
            told: Any = self._valkey.hgetall(PLACE)
        except (RedisError, OSError):
            return None
        found = [one for line in told.values() if (one := _read(line)) is not None]
        newest = max((one.seen_at for one in found), default=None)
        kept = [one for one in found if newest is not None and newest - one.seen_at < REMEMBERED]
        with suppress(RedisError, OSError):
            if gone := {name.decode() for name in told} - {one.name for one in kept}:
                self._valkey.hdel(PLACE, *gone)
        return sorted(kept, key=lambda one: (one.kind, one.name))

    def queued(self) -> Mapping[str, int] | None:
        try:
            with self._valkey.pipeline(transaction=False) as asked:
                for queue in QUEUES:
                    asked.llen(QUEUE.format(queue))
                return dict(zip(QUEUES, asked.execute(), strict=True))
        except (RedisError, OSError):
            return None


def _written(one: Present) -> str:
    running = [[str(each.job), each.since.isoformat()] for each in one.running]
    return json.dumps([one.kind, one.name, one.begun_at.isoformat(), one.seen_at.isoformat(), running])


def _read(line: bytes) -> Present | None:
    # What another release says in another way is not for this one.
    try:
        kind, name, begun_at, seen_at, running = json.loads(line)
        return Present(
            kind,
            name,
            datetime.fromisoformat(begun_at),
            datetime.fromisoformat(seen_at),
            [Running(UUID(job), datetime.fromisoformat(since)) for job, since in running],
        )
    except (ValueError, TypeError):
        return None
