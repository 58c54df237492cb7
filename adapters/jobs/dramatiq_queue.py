"""The job queue on dramatiq: it carries addresses of outbox rows, and may lose or repeat them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import dramatiq
from dramatiq import Broker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Callbacks, ShutdownNotifications
from redis import Redis

from kernel.jobs import QUEUES
from kernel.outbox import Envelope
from kernel.tenancy import TenantId


class DramatiqQueue:
    """One actor per queue; within a worker the urgent ones go first. Retries are the outbox's, so dramatiq has none."""

    def __init__(self, valkey: Redis, work: Callable[[Envelope], None] | None = None) -> None:
        """`work` is called for every envelope in a worker; a process that only sends leaves it out."""
        self.broker: Broker = RedisBroker(  # type: ignore[no-untyped-call]
            client=valkey, namespace="goldsmith-jobs", middleware=[Callbacks(), ShutdownNotifications()]
        )

        def run(tenant: str, row: str, queue: str) -> None:
            if work is not None:
                work(Envelope(TenantId(UUID(tenant)), UUID(row), queue))

        self._actors = {
            queue: dramatiq.actor(actor_name=f"run_{queue}", queue_name=queue, priority=urgency, broker=self.broker)(
                run
            )
            for urgency, queue in enumerate(QUEUES)
        }

    def send(self, envelope: Envelope) -> None:
        self._actors[envelope.queue].send(str(envelope.tenant), str(envelope.id), envelope.queue)
