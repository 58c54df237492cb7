"""Signals through Valkey's publish and subscribe: one channel for all shops, one subscription for each process.

Whoever commits must not wait for Valkey, least of all when it is down: a thread of its own sends what has gathered,
so that a burst of sales of one shop is one line, and forgets what could not be sent.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from threading import Condition, Thread
from uuid import UUID

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.valkey import connect
from kernel.signals import Signal
from kernel.tenancy import TenantId

log = logging.getLogger(__name__)

CHANNEL = "goldsmith:signals"
#: Stands where a shop's id would.
PLATFORM = "platform"
#: So long signals gather before they are sent together: less than anybody sees.
GATHER_S = 0.03
#: After a failure. Nobody waits for it.
PAUSE_S = 2.0
#: A process that hears nothing for so long asks whether the line still stands.
QUIET_S = 30


class ValkeySignals:
    def __init__(self, url: SecretStr) -> None:
        self._url = url
        self._gathered: set[Signal] = set()
        self._any = Condition()
        self._sender: Thread | None = None

    def send(self, shop: TenantId | None, topics: Iterable[str]) -> None:
        with self._any:
            self._gathered.update(Signal(shop, topic) for topic in topics)
            if self._sender is None:
                # Begun here and not when the process begins: many processes never tell anything.
                self._sender = Thread(target=self._send_all, name="signals", daemon=True)
                self._sender.start()
            self._any.notify()

    def _send_all(self) -> None:
        valkey, reachable = connect(self._url), True
        while True:
            with self._any:
                self._any.wait_for(lambda: self._gathered)
                lines, self._gathered = _written(self._gathered), set()
            try:
                valkey.publish(CHANNEL, lines)
                reachable = True
            except (RedisError, OSError) as down:
                if reachable:
                    log.warning("pages do not hear what changes: %s", down)
                reachable = False
            time.sleep(GATHER_S if reachable else PAUSE_S)

    async def heard(self) -> AsyncIterator[Signal]:
        reachable = True
        while True:
            try:
                async with self._line() as valkey, valkey.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    reachable = True
                    while True:
                        message = await channel.get_message(timeout=QUIET_S)
                        for signal in _read(message["data"]) if message else ():
                            yield signal
            except (RedisError, OSError) as down:
                if reachable:
                    log.warning("this process does not hear what changes: %s", down)
                reachable = False
            await asyncio.sleep(PAUSE_S)

    def _line(self) -> Redis:
        line: Redis = Redis.from_url(
            self._url.get_secret_value(), socket_connect_timeout=1, health_check_interval=QUIET_S
        )
        return line


def _written(signals: Iterable[Signal]) -> str:
    return "\n".join(f"{signal.shop or PLATFORM} {signal.topic}" for signal in signals)


def _read(lines: bytes) -> Iterator[Signal]:
    for line in lines.decode().split("\n"):
        # What a newer release says in another way is not for this one.
        with suppress(ValueError):
            shop, topic = line.split(" ")
            yield Signal(None if shop == PLATFORM else TenantId(UUID(shop)), topic)
