"""`goldsmith serve` as it really runs: told to stop, it stops, whoever is listening."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from adapters.cli.serve import command as serve
from adapters.embedded.processes import wait_until
from adapters.valkey import connect
from kernel.tenancy import Shop
from kernel.uow import Database
from tests.plugins.browser import Browser
from tests.plugins.conftest import app, browser, signed_in
from tests.services import Services

__all__ = ["app", "browser", "signed_in"]

HOUSE = Path(__file__).resolve().parents[2]
LISTENING = 20


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """All that the server says."""
    return tmp_path / "log"


@pytest.fixture
def address(
    services: Services, database_name: str, request: pytest.FixtureRequest, log: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server, with what the test adds to its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    urls = {
        "DATABASE_URL": services.url("goldsmith_app", database_name),
        "PLATFORM_DATABASE_URL": services.url("goldsmith_platform", database_name),
        "REDIS_URL": services.redis,
        "SECRET_KEY": "a key of thirty-two characters or more",
        "ENVIRONMENT": "development",
        **getattr(request, "param", {}),
    }
    served = [sys.executable, "-m", "adapters.cli", "serve", "--port", str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen(served, env={**os.environ, **urls}, cwd=HOUSE, stdout=said, stderr=said)
    yield f"http://127.0.0.1:{port}", server
    server.kill()
    server.wait()


@pytest.mark.slow
def test_a_server_with_open_streams_stops_at_once_and_in_order(
    address: tuple[str, subprocess.Popen[bytes]],
    signed_in: Callable[..., Browser],
    shop: Shop,
    database: Database,
    superuser: psycopg.Connection[Any],
):
    at, server = address
    sessions = [signed_in(shop, name=f"Person {number}").client.cookies["goldsmith"] for number in range(3)]
    superuser.execute("UPDATE platform.sessions SET seen_at = now(), expires_at = now() + interval '1 hour'")
    assert wait_until(lambda: answers(f"{at}/health/live"), seconds=30)
    streams = [
        urllib.request.urlopen(urllib.request.Request(f"{at}/live", headers={"Cookie": f"goldsmith={session}"}))
        for session in sessions
        for _window in range(LISTENING // len(sessions))
    ]
    assert {stream.status for stream in streams} == {200}
    begun = time.monotonic()
    server.send_signal(signal.SIGTERM)
    # Each ends as an answer ends, not as a line that broke.
    assert [stream.read().startswith(b"retry: ") for stream in streams] == [True] * len(streams)
    server.wait(10)
    assert time.monotonic() - begun < 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "said"),
    [
        # We are no proxy of theirs: what we say about where we come from is not heard.
        ({"FORWARDED_ALLOW_IPS": "192.0.2.0/24"}, "10.9.8.{number}"),
        # We are: what the proxy wrote itself stands last, whatever the client had put before it.
        ({"FORWARDED_ALLOW_IPS": "127.0.0.1,::1"}, "10.9.8.{number}, 203.0.113.77"),
    ],
    indirect=["address"],
)
def test_who_says_to_come_from_elsewhere_gets_no_more_tries(
    address: tuple[str, subprocess.Popen[bytes]], said: str, services: Services
):
    at, _server = address
    assert wait_until(lambda: answers(f"{at}/health/live"), seconds=30)
    # Others, too, may have tried from here.
    connect(SecretStr(services.redis)).delete("limit:sign-in:127.0.0.1", "limit:sign-in:203.0.113.77")
    assert [knock(at, said.format(number=number)) for number in range(7)] == [422] * 5 + [429] * 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"FORWARDED_ALLOW_IPS": "192.0.2.0/24", "API_LIMIT_ADDRESS": "3"}, "10.9.8.{number}"),
        ({"FORWARDED_ALLOW_IPS": "127.0.0.1,::1", "API_LIMIT_ADDRESS": "3"}, "10.9.8.{number}, 203.0.113.78"),
    ],
    indirect=["address"],
)
def test_who_says_to_come_from_elsewhere_asks_the_api_no_more_often(
    address: tuple[str, subprocess.Popen[bytes]], said: str, services: Services
):
    at, _server = address
    assert wait_until(lambda: answers(f"{at}/health/live"), seconds=30)
    connect(SecretStr(services.redis)).delete("limit:address:127.0.0.1", "limit:address:203.0.113.78")
    asked = [status(f"{at}/api/v1/me", said.format(number=number)) for number in range(5)]
    assert asked == [401] * 3 + [429] * 2


@pytest.mark.slow
@pytest.mark.parametrize("address", [{"LOG_LEVEL": "DEBUG"}], indirect=True)
def test_what_opens_something_stands_in_no_log(address: tuple[str, subprocess.Popen[bytes]], shop: Shop, log: Path):
    """Links in letters and answers of providers hold secrets in their addresses; no line tells these."""
    at, server = address
    assert wait_until(lambda: answers(f"{at}/health/live"), seconds=30)
    secret = "kept-out-of-every-log-0123456789abcdefghijk"
    for path in (
        f"/reset?token={secret}",
        f"/invitations/{shop.id}/{secret}",
        f"/sign-in/{shop.slug}/answer?code={secret}&state={secret}",
        f"/api/v1/me?token={secret}",
        f"/nothing/here?token={secret}",
        f"/reset?token={secret}%FF%00",
    ):
        assert status(f"{at}{path}", "10.9.8.7") < 500
    form = urllib.parse.urlencode({"token": secret, "password": "short", "repeated": "short"}).encode()
    for path in ("/reset", f"/invitations/{shop.id}/{secret}/account", f"/nothing/{secret}"):
        assert 400 <= status(f"{at}{path}", "10.9.8.7", form) < 500
    server.send_signal(signal.SIGTERM)
    server.wait(10)
    told = log.read_text()
    assert "asked by a program" in told  # it does tell what happens
    assert secret not in told
    assert secret[:20] not in told


@pytest.mark.parametrize("anybody", ["*", "127.0.0.1,*", "proxy"])
def test_a_server_that_would_believe_everybody_does_not_start(anybody: str):
    refused = CliRunner().invoke(serve, ["--forwarded-allow-ips", anybody])
    assert (refused.exit_code, "is no address and no network" in refused.output) == (2, True)


def knock(at: str, forwarded_for: str) -> int:
    form = urllib.parse.urlencode({"email": "nobody@example.com", "password": "a guess"}).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{at}/login", form, {"X-Forwarded-For": forwarded_for})
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def status(address: str, forwarded_for: str, form: bytes | None = None) -> int:
    asked = urllib.request.Request(address, form, {"X-Forwarded-For": forwarded_for})
    try:
        with urllib.request.urlopen(asked) as got:
            return int(got.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
