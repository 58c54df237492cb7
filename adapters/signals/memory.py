"""Signals within this process: for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from threading import Lock

from kernel.signals import Signal
from kernel.tenancy import TenantId


class MemorySignals:
    def __init__(self) -> None:
        self._listening: dict[asyncio.Queue[Signal], asyncio.AbstractEventLoop] = {}
        self._lock = Lock()

    def send(self, shop: TenantId | None, topics: Iterable[str]) -> None:
        with self._lock:
            for topic in topics:
                for queue, loop in self._listening.items():
                    loop.call_soon_threadsafe(queue.put_nowait, Signal(shop, topic))

    async def heard(self) -> AsyncIterator[Signal]:
        queue: asyncio.Queue[Signal] = asyncio.Queue()
        with self._lock:
            self._listening[queue] = asyncio.get_running_loop()
        try:
            while True:
                yield await queue.get()
        finally:
            with self._lock:
                del self._listening[queue]
