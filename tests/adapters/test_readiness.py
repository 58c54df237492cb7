"""Readiness: requests are taken only where shops are apart, the schema is this code's, and everything answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.readiness import SCHEMA_GOOD_FOR, Readiness
from adapters.valkey import connect
from kernel.clock import SetClock
from kernel.plugins import Plugins
from kernel.uow import Database, open_engine
from tests.conftest import NOW, migration_folders
from tests.services import Services
from web.app import build
from web.house import House

Ask = Callable[[], tuple[int, list[str]]]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def name(services: Services, plugins: Plugins) -> Iterator[str]:
    """A database of this test."""
    name = services.make(services.template(migration_folders(plugins)))
    yield name
    services.drop(name)


@pytest.fixture
def superuser(services: Services, name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(services.url(None, name).replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


@pytest.fixture
def database(services: Services, name: str, plugins: Plugins, clock: SetClock) -> Iterator[Database]:
    database = database_in(services, name, plugins, clock)
    yield database
    database.close()


def database_in(services: Services, name: str, plugins: Plugins, clock: SetClock) -> Database:
    shops, platform = (
        open_engine(services.url(f"goldsmith_{role}", name), pool_size=1) for role in ("app", "platform")
    )
    return Database(shops, platform, clock, plugins)


def asking(database: Database, redis: str, clock: SetClock) -> Ask:
    """Over HTTP, as the orchestrator asks."""
    readiness = Readiness(database, connect(SecretStr(redis)), clock)
    house = House(database, database.plugins, "localhost", production=True, threads=1, ready=readiness)
    client = TestClient(build(house))

    def ask() -> tuple[int, list[str]]:
        answer = client.get("/health/ready")
        return answer.status_code, answer.json()["reasons"]

    return ask


@pytest.fixture
def ready(database: Database, services: Services, clock: SetClock) -> Ask:
    return asking(database, services.redis, clock)


def test_a_sound_installation_is_ready(ready: Ask):
    assert ready() == (200, [])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("ALTER TABLE shop.counters NO FORCE ROW LEVEL SECURITY", "row-level security is not enabled and forced"),
        ("DROP POLICY tenant_guard ON shop.settings", "the restrictive guard on the tenant is missing"),
        ("GRANT SELECT ON shop.counters TO goldsmith_platform", "the platform's role has a right on a shop's rows"),
        ("CREATE VIEW shop.everything AS SELECT * FROM shop.counters", "a view or materialized view runs with its"),
    ],
)
def test_a_schema_in_which_shops_are_not_apart_is_refused(ready: Ask, superuser, broken, reason):
    superuser.execute(broken)
    status, reasons = ready()
    assert status == 503
    assert [one for one in reasons if one.startswith(reason)], reasons


def test_a_schema_that_is_broken_while_serving_is_noticed(ready: Ask, superuser, clock):
    assert ready() == (200, [])
    superuser.execute("DROP POLICY tenant_guard ON shop.settings")
    clock.advance(SCHEMA_GOOD_FOR + timedelta(seconds=1))
    assert ready()[0] == 503


def test_a_schema_older_than_the_code_is_refused(services, plugins, clock):
    empty = services.make()
    database = database_in(services, empty, plugins, clock)
    status, reasons = asking(database, services.redis, clock)()
    database.close()
    services.drop(empty)
    assert status == 503
    assert any("run `goldsmith migrate`" in reason for reason in reasons), reasons


def test_a_database_that_does_not_answer_is_a_reason(ready: Ask, services, name):
    services.drop(name)
    assert ready() == (503, ["The database does not answer. Nothing was changed; please try again."])


def test_a_valkey_that_does_not_answer_is_a_reason(database, clock, tmp_path):
    ready = asking(database, f"unix://{tmp_path}/nobody.sock", clock)
    assert ready() == (503, ["Valkey does not answer."])


def test_an_installation_that_is_not_ready_is_alive_all_the_same(database, services, clock, name):
    house = House(database, database.plugins, "localhost", production=True, threads=1, ready=lambda: ["not today"])
    client = TestClient(build(house))
    assert client.get("/health/ready").json() == {
        "status": "not ready", "reasons": ["not today"], "maintenance": False,
    }  # fmt: skip
    assert client.get("/health/live").json() == {"status": "live"}
