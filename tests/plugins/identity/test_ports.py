"""What every adapter of the door's ports must keep, the ones in memory as well as those on Valkey."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr
from redis import Redis

from adapters.limits.memory import MemoryLimits
from adapters.limits.valkey import ValkeyLimits
from adapters.sessions.memory import MemorySessions
from adapters.valkey import connect
from kernel.errors import TryLater
from kernel.ids import new_id
from plugins.identity.ports import Limits, SessionCache
from tests.services import Services


@pytest.fixture
def valkey(services: Services) -> Iterator[Redis]:
    client = connect(SecretStr(services.redis))
    yield client
    client.close()


@pytest.fixture
def sessions() -> SessionCache:
    return MemorySessions()


@pytest.fixture(params=["memory", "valkey"])
def limits(request: pytest.FixtureRequest) -> Limits:
    return MemoryLimits() if request.param == "memory" else ValkeyLimits(request.getfixturevalue("valkey"))


@pytest.fixture
def key() -> str:
    return new_id().hex


def test_what_was_kept_is_recalled(sessions: SessionCache, key: str):
    assert sessions.recall(key) is None
    sessions.keep(key, b"Sara")
    sessions.keep(key, b"Reza")
    assert sessions.recall(key) == b"Reza"


def test_what_was_forgotten_is_not_recalled(sessions: SessionCache, key: str):
    sessions.keep(key, b"Sara")
    sessions.forget(key)
    sessions.forget(key)
    assert sessions.recall(key) is None


def test_nothing_is_recalled_after_a_second(sessions: SessionCache, key: str):
    sessions.keep(key, b"Sara")
    time.sleep(1.05)
    assert sessions.recall(key) is None


def test_so_many_tries_are_allowed_and_no_more(limits: Limits, key: str):
    assert [limits.allow(key, most=3, seconds=60) for _try in range(5)] == [True, True, True, False, False]
    assert limits.allow(f"another {key}", most=3, seconds=60)


def test_a_window_that_is_over_begins_again(limits: Limits, key: str):
    assert [limits.allow(key, most=1, seconds=1) for _try in range(2)] == [True, False]
    time.sleep(1.05)
    assert limits.allow(key, most=1, seconds=1)


def test_tries_at_the_same_moment_are_all_counted(limits: Limits, key: str):
    def knock(_number: int) -> bool:
        return limits.allow(key, most=5, seconds=60)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(knock, range(40))) == 5


def test_a_memory_has_an_end():
    small = MemorySessions(most=2)
    for name in ("a", "b", "c"):
        small.keep(name, b"x")
    assert [small.recall(name) for name in ("a", "b", "c")] == [None, b"x", b"x"]


@pytest.fixture
def nowhere() -> Callable[[], Redis]:
    return lambda: connect(SecretStr("redis://127.0.0.1:1/0"))


def test_without_valkey_the_door_stays_shut(nowhere: Callable[[], Redis]):
    with pytest.raises(TryLater):
        ValkeyLimits(nowhere()).allow("key", most=5, seconds=60)
