"""Who is at work, however that is told: the same from Valkey and from memory, and no harm where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.jobs.dramatiq_queue import DramatiqQueue
from adapters.presence.memory import MemoryPresence
from adapters.presence.valkey import PLACE, ValkeyPresence
from adapters.valkey import connect
from adapters.worker import Life
from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.outbox import Envelope
from kernel.presence import SILENT, Presence, Present, Running
from kernel.tenancy import TenantId
from tests.conftest import NOW
from tests.services import Services


@pytest.fixture
def valkey(services: Services):
    connected = connect(SecretStr(services.redis))
    connected.delete(PLACE)
    yield connected
    connected.delete(PLACE)


@pytest.fixture(params=["memory", "valkey"])
def presence(request: pytest.FixtureRequest, valkey) -> Presence:
    return ValkeyPresence(valkey) if request.param == "valkey" else MemoryPresence()


def test_what_was_told_last_is_what_is_seen(presence):
    job = Running(new_id(), NOW)
    worker = Present("worker", "host:1", NOW - timedelta(hours=1), NOW, (job,))
    presence.tell(Present("worker", "host:1", NOW - timedelta(hours=1), NOW - timedelta(seconds=2)))
    presence.tell(worker)
    presence.tell(Present("scheduler", "host:2", NOW, NOW))
    scheduler, seen = presence.seen()
    assert (seen.name, seen.begun_at, seen.seen_at, tuple(seen.running)) == (
        "host:1", worker.begun_at, NOW, (job,),
    )  # fmt: skip
    assert (scheduler.kind, scheduler.name) == ("scheduler", "host:2")
    presence.leave(worker)
    assert [one.name for one in presence.seen()] == ["host:2"]


def test_whoever_is_silent_is_taken_for_dead(presence):
    presence.tell(Present("worker", "host:1", NOW, NOW))
    (one,) = presence.seen()
    assert (one.is_alive(NOW + SILENT - timedelta(seconds=1)), one.is_alive(NOW + SILENT)) == (True, False)


def test_the_dead_are_forgotten_after_a_day(valkey):
    presence = ValkeyPresence(valkey)
    presence.tell(Present("worker", "old:1", NOW, NOW))
    presence.tell(Present("worker", "new:1", NOW, NOW + timedelta(days=2)))
    assert [one.name for one in presence.seen() or ()] == ["new:1"]
    assert [name.decode() for name in valkey.hkeys(PLACE)] == ["new:1"]


def test_what_another_release_tells_is_left_out(valkey):
    valkey.hset(PLACE, "strange:1", "{}")
    valkey.hset(PLACE, "strange:2", '["worker", "x"]')
    ValkeyPresence(valkey).tell(Present("worker", "host:1", NOW, NOW))
    assert [one.name for one in ValkeyPresence(valkey).seen() or ()] == ["host:1"]


def test_what_waits_in_the_queues_is_counted(valkey):
    before = ValkeyPresence(valkey).queued() or {}
    DramatiqQueue(valkey).send(Envelope(TenantId(new_id()), new_id(), "low"))
    after = ValkeyPresence(valkey).queued() or {}
    assert {queue: after[queue] - before[queue] for queue in after} == {"urgent": 0, "default": 0, "low": 1}
    valkey.flushdb()


def test_without_valkey_nobody_knows_and_nothing_breaks(tmp_path: Path):
    presence = ValkeyPresence(connect(SecretStr(f"unix://{tmp_path}/nobody.sock")))
    presence.tell(Present("worker", "host:1", NOW, NOW))
    presence.leave(Present("worker", "host:1", NOW, NOW))
    assert (presence.seen(), presence.queued()) == (None, None)


def test_a_worker_says_what_it_has_in_its_hands_and_a_job_costs_it_nothing(monkeypatch):
    told: list[Present] = []
    presence, job = MemoryPresence(), new_id()
    monkeypatch.setattr(presence, "tell", told.append)
    life = Life(presence, SetClock(NOW))
    with life.doing(job):
        assert told == []
        life.tell()
        life.tell()
    (once,) = told
    assert [each.job for each in once.running] == [job]
    monkeypatch.setattr("adapters.worker.EVERY_S", 0)
    life.tell()
    assert told[-1].running == ()
    leave: Callable[[Present], None] = presence.leave
    leave(once)
