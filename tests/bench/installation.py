"""An installation for one run: a durable PostgreSQL, Valkey and two web processes of its own, all gone afterwards."""

from __future__ import annotations

import http.client
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any

import click
import psycopg

from adapters import bootstrap
from adapters.cli.demo import free_port, reasons_against
from adapters.config import Config
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.processes import CannotStart, Process, open_log, wait_until
from adapters.embedded.valkey import EmbeddedValkey
from adapters.launcher.services import ROLES
from tests.bench.cpu import Tree

HOST = "127.0.0.1"
DATABASE = "goldsmith"
WORKERS = 2

#: fsync and synchronous commit stay on. Room for the data in memory, and no checkpoint in the middle of a measurement.
SETTINGS = {"shared_buffers": "1GB", "max_connections": "200", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything is, and what its processes are told."""

    folder: Path
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    environment: Mapping[str, str]

    @property
    def config(self) -> Config:
        """For the parts of the house that run in this process: to fill, and to watch what is sent."""
        # By hand and not from the environment, which may belong to another installation.
        return Config(**{name.lower(): value for name, value in self.environment.items()})  # type: ignore[arg-type]

    def url(self, role: str = "postgres") -> str:
        return self.postgres.url(role, DATABASE)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """Past all rules: for filling by the million, and for counting over all shops."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            yield connection

    @property
    def database_processes(self) -> Tree:
        return Tree(int((self.postgres.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0]))


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Servers with roles and schema; whatever was in the folder before is there again."""
    say("Starting PostgreSQL and Valkey ...")
    with (
        EmbeddedPostgres(folder / "postgres", settings=SETTINGS) as postgres,
        EmbeddedValkey(folder / "valkey") as valkey,
    ):
        postgres.make_database(DATABASE)
        environment = {
            **{name: postgres.url(role, DATABASE) for name, role in ROLES.items()},
            "REDIS_URL": valkey.url,
            "ENVIRONMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
            # What is counted is counted here, too, and never over: one shop asks as often as the machine can answer.
            **dict.fromkeys(("API_LIMIT_ADDRESS", "API_LIMIT_USER", "API_LIMIT_SHOP"), str(10**9)),
        }
        whole = Installation(folder, postgres, valkey, environment)
        bootstrap.make_roles(whole.url(), {})
        bootstrap.migrate(whole.config)
        yield whole


@dataclass(frozen=True, slots=True)
class Web:
    """`goldsmith serve`, running."""

    port: int
    processes: Tree

    def get(self, path: str) -> tuple[int, bytes]:
        door = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            door.request("GET", path)
            answer = door.getresponse()
            return answer.status, answer.read()
        finally:
            door.close()


@contextmanager
def web(house: Installation, *, workers: int = WORKERS, ready: bool = True) -> Iterator[Web]:
    """The web until the end of the block; with `ready`, not before it says that it is."""
    port = free_port(HOST, 0)
    with open_log(house.folder / "serve.log") as output:
        process = Process(
            [sys.executable, "-m", "adapters.cli", "serve", "--port", str(port), "--workers", str(workers)],
            when_orphaned=Signals.SIGKILL,
            environment={**house.environment, "DOMAIN": f"{HOST}:{port}"},
            output=output,
        )
    try:
        if ready and not wait_until(lambda: not reasons_against(HOST, port), seconds=60):
            raise CannotStart("; ".join(reasons_against(HOST, port)) + f" More is in {house.folder / 'serve.log'}.")
        yield Web(port, Tree(process.pid))
    finally:
        process.stop((Signals.SIGTERM, 10))


def say(sentence: str) -> None:
    """Progress; standard output is for figures."""
    click.echo(f"{time.strftime('%H:%M:%S')} {sentence}", err=True)


def rest_until_quiet(seconds: float = 0.5) -> None:
    """Let what the last measurement left behind (connections, write-back) settle."""
    os.sync()
    time.sleep(seconds)
