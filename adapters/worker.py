"""The worker: claims what is due in the outbox, sends it through the queue, and runs what arrives."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from dramatiq import Worker
from redis import RedisError

from adapters.config import Config
from adapters.container import open_container
from adapters.jobs.dramatiq_queue import DramatiqQueue
from kernel import logs, outbox
from kernel.clock import Clock
from kernel.errors import GoldsmithError
from kernel.maintenance import Watch
from kernel.outbox import Envelope
from kernel.presence import EVERY_S, Presence, Present, Running, own_name
from kernel.uow import Database

log = logging.getLogger(__name__)

THREADS = 4
PAUSE_S = 0.2
STOP_MS = 20_000


def work(config: Config | None = None) -> None:
    """Until SIGTERM or SIGINT; what is running then is finished, what is not starts again elsewhere."""
    config = config or Config.read()
    # Long work says how far it is beside the transaction that does it: two connections a thread.
    config = config.model_copy(update={"pool_size": max(config.pool_size, 2 * THREADS)})
    logs.configure(config.log_level, readable=not config.in_production)
    container = open_container(config)
    database = container.database()
    life = Life(container.presence(), container.clock())

    def run(envelope: Envelope) -> None:
        logs.forget()
        logs.bind(job=str(envelope.id), shop=str(envelope.tenant))
        with life.doing(envelope.id):
            outbox.run(database, envelope)

    queue = DramatiqQueue(container.valkey(), run)
    worker = Worker(queue.broker, worker_threads=THREADS)
    watch = Watch()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    worker.start()
    log.info("worker started")
    try:
        while not stopping.is_set():
            life.tell()
            if not _relayed(database, queue, watch):
                stopping.wait(PAUSE_S)
    finally:
        worker.stop(STOP_MS)
        life.leave()
        database.close()
        log.info("worker stopped")


class Life:
    """Says every few seconds that this worker lives and what it has in its hands: a job costs it nothing."""

    def __init__(self, presence: Presence, clock: Clock) -> None:
        self._presence = presence
        self._clock = clock
        self._me = Present("worker", own_name(), clock.now(), clock.now())
        self._running: dict[UUID, Running] = {}
        self._told = float("-inf")

    @contextmanager
    def doing(self, job: UUID) -> Iterator[None]:
        self._running[job] = Running(job, self._clock.now())
        try:
            yield
        finally:
            self._running.pop(job, None)

    def tell(self) -> None:
        if time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            running = tuple(self._running.copy().values())
            self._presence.tell(replace(self._me, seen_at=self._clock.now(), running=running))

    def leave(self) -> None:
        self._presence.leave(self._me)


def _relayed(database: Database, queue: DramatiqQueue, watch: Watch) -> int:
    """During maintenance nothing new begins; what was sent is finished."""
    try:
        return 0 if watch.look(database) else outbox.relay(database, queue)
    except (GoldsmithError, RedisError, OSError) as down:
        # What was claimed and not sent is claimed again after its lease.
        log.warning("nothing relayed: %s", down)
        return 0
