"""Signals, however they travel: told to every process, in no one's way, and lost without harm."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.signals import valkey
from adapters.signals.memory import MemorySignals
from adapters.signals.valkey import ValkeySignals
from adapters.valkey import connect
from kernel.ids import new_id
from kernel.signals import Signal, Signals
from kernel.tenancy import TenantId
from tests.services import Services

SHOP, OTHER = TenantId(new_id()), TenantId(new_id())
Processes = Callable[[], Signals]


def run(story: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: where a browser is driven beside, this one has a loop already."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, story).result()


@pytest.fixture(params=["memory", "valkey"])
def process(request: pytest.FixtureRequest, services: Services) -> Processes:
    """Another process's end of the same line."""
    if request.param == "valkey":
        return lambda: ValkeySignals(SecretStr(services.redis))
    one = MemorySignals()
    return lambda: one


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "PAUSE_S", 0.1)


async def hear(signals: Signals, into: list[Signal]) -> None:
    async for signal in signals.heard():
        into.append(signal)


async def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def told(sending: Signals, heard: list[Signal], shop: TenantId, *topics: str) -> None:
    """Tell until it is heard: a line that is only being opened hears nothing yet."""
    async with asyncio.timeout(5):
        while not {Signal(shop, topic) for topic in topics} <= set(heard):
            sending.send(shop, topics)
            await asyncio.sleep(0.05)


def test_what_one_process_tells_all_processes_hear(process: Processes):
    async def story() -> None:
        heard: list[list[Signal]] = [[], []]
        listening = [asyncio.create_task(hear(process(), into)) for into in heard]
        sending = process()
        for into in heard:
            await told(sending, into, SHOP, "sales", "stock")
        for into in heard:
            into.clear()
        sending.send(OTHER, ["rates"])
        await until(lambda: all(into == [Signal(OTHER, "rates")] for into in heard))
        for task in listening:
            task.cancel()

    run(story())


def test_the_platform_is_told_apart_from_every_shop(process: Processes):
    async def story() -> None:
        heard: list[Signal] = []
        listening = asyncio.create_task(hear(process(), heard))
        sending = process()
        await told(sending, heard, SHOP, "sales")
        heard.clear()
        sending.send(None, ["jobs"])
        await until(lambda: heard)
        assert heard == [Signal(None, "jobs")]
        listening.cancel()

    run(story())


def test_a_burst_of_one_shop_is_told_together(services: Services):
    async def story() -> None:
        heard: list[Signal] = []
        listening = asyncio.create_task(hear(ValkeySignals(SecretStr(services.redis)), heard))
        sending = ValkeySignals(SecretStr(services.redis))
        await told(sending, heard, OTHER, "rates")
        heard.clear()
        for _sale in range(500):
            sending.send(SHOP, {"sales"})
        await until(lambda: heard)
        await asyncio.sleep(0.2)
        assert set(heard) == {Signal(SHOP, "sales")}
        assert len(heard) < 10
        listening.cancel()

    run(story())


def test_without_valkey_telling_costs_nothing_but_one_line_in_the_log(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    signals = ValkeySignals(SecretStr(f"unix://{tmp_path}/nobody.sock"))
    begun = time.perf_counter()
    for _sale in range(100):
        signals.send(SHOP, {"sales", "stock"})
    took = time.perf_counter() - begun
    time.sleep(0.5)  # some tries later
    assert took < 0.05
    assert len(caplog.records) == 1


def test_a_line_that_broke_is_opened_again(services: Services):
    async def story() -> None:
        heard: list[Signal] = []
        listening = asyncio.create_task(hear(ValkeySignals(SecretStr(services.redis)), heard))
        sending = ValkeySignals(SecretStr(services.redis))
        await told(sending, heard, SHOP, "sales")
        heard.clear()
        assert connect(SecretStr(services.redis)).execute_command("CLIENT", "KILL", "TYPE", "pubsub") >= 1
        await told(sending, heard, SHOP, "sales")
        listening.cancel()

    run(story())


def test_who_stops_listening_is_told_nothing_more():
    async def story() -> None:
        heard: list[Signal] = []
        signals = MemorySignals()
        listening = asyncio.create_task(hear(signals, heard))
        await told(signals, heard, SHOP, "sales")
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        assert signals._listening == {}

    run(story())


def test_what_another_release_tells_in_its_own_way_is_no_trouble(services: Services):
    async def story() -> None:
        heard: list[Signal] = []
        listening = asyncio.create_task(hear(ValkeySignals(SecretStr(services.redis)), heard))
        sending = ValkeySignals(SecretStr(services.redis))
        await told(sending, heard, SHOP, "sales")
        connect(SecretStr(services.redis)).publish(valkey.CHANNEL, f"{{}}\nsomething new\n{OTHER} rates")
        await until(lambda: Signal(OTHER, "rates") in heard)
        assert {signal.shop for signal in heard} == {SHOP, OTHER}
        listening.cancel()

    run(story())
