"""PostgreSQL and Valkey for the tests: started once a run, filled once, cloned for every worker.

`DATABASE_URL` and `REDIS_URL` name other servers to use. The first must be a superuser's, of a server that is there
for tests: roles are made and databases come and go on it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import NullPool, create_engine, make_url

from adapters.config import sqlalchemy_url
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
from adapters.roles import ROLES, prepare
from kernel import migrate

DATABASES = "goldsmith_test_"
#: An arbitrary number that all workers of a run agree on: who makes roles and databases holds it.
MAKING = 7_500

#: A test that waits for another's lock fails and says so; it does not hang.
SETTINGS = {"max_connections": "300", "deadlock_timeout": "100ms", "lock_timeout": "60s"}


@dataclass(frozen=True, slots=True)
class Services:
    """Where the servers of this run are. `run` sets its databases apart from those of another run."""

    postgres: str
    redis: str
    run: str

    def url(self, role: str | None, database: str) -> str:
        """The address of a database for a role, or for the superuser; in SQLAlchemy's form."""
        url = make_url(sqlalchemy_url(self.postgres)).set(database=database)
        # One password for all: the server is there for tests only.
        return (url.set(username=role) if role else url).render_as_string(hide_password=False)

    def template(self, folders: Iterable[Path]) -> str:
        """The database that all others are cloned from, with every migration; whoever comes first makes it."""
        name = f"{DATABASES}{self.run}"
        with self._alone() as admin:
            if not admin.execute("SELECT true FROM pg_database WHERE datname = %s", (name,)).fetchone():
                self._make(admin, name)
                migrator = create_engine(self.url("goldsmith_migrator", name), poolclass=NullPool)
                with migrator.connect() as connection:
                    migrate.upgrade(connection, folders)
        return name

    def filled(self, template: str, kind: str, fill: Callable[[str], None]) -> str:
        """A template with something in it, made from another; whoever comes first fills it."""
        name = f"{template}_{kind}"
        with self._alone() as admin:
            if not admin.execute("SELECT true FROM pg_database WHERE datname = %s", (name,)).fetchone():
                self._make(admin, name, template)
                try:
                    fill(name)
                except BaseException:
                    # Half a filling is not to be taken for a whole one.
                    self.drop(name)
                    raise
        return name

    def make(self, template: str | None = None) -> str:
        """A new database with the roles' rights on it: empty, or as `template` is now."""
        name = f"{DATABASES}{self.run}_{secrets.token_hex(4)}"
        with self._alone() as admin:
            self._make(admin, name, template)
        return name

    def drop(self, database: str) -> None:
        with psycopg.connect(self.postgres, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def drop_all(self) -> None:
        """Leave a server that is not ours as it was, but for the roles."""
        with psycopg.connect(self.postgres, autocommit=True) as admin:
            pattern = f"{DATABASES}{self.run}%"
            names = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (pattern,)).fetchall()
        for (name,) in names:
            self.drop(name)

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        """Roles are the whole server's: two workers that alter one at the same time would get an error."""
        with psycopg.connect(self.postgres, autocommit=True) as admin:
            admin.execute("SELECT pg_advisory_lock(%s)", (MAKING,))
            yield admin

    def _make(self, admin: psycopg.Connection[tuple[object, ...]], name: str, template: str | None = None) -> None:
        copied = sql.SQL("TEMPLATE {}").format(sql.Identifier(template or "template0"))
        admin.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), copied))
        engine = create_engine(self.url(None, name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        password = make_url(self.postgres).password
        with engine.connect() as connection:
            # Rights on a database are not copied with it.
            prepare(connection, dict.fromkeys(ROLES, str(password)) if password else {})


@contextmanager
def running() -> Iterator[Services]:
    """The services until the end of the block; embedded ones also end with this process, whatever ends it."""
    with ExitStack() as stack:
        run = secrets.token_hex(3)
        postgres = os.environ.get("DATABASE_URL")
        if postgres:
            _is_for_tests(postgres)
        else:
            server = EmbeddedPostgres(durable=False, settings=SETTINGS)
            postgres = stack.enter_context(server).url()
        redis = os.environ.get("REDIS_URL") or stack.enter_context(EmbeddedValkey()).url
        services = Services(postgres, redis, run)
        stack.callback(services.drop_all)
        yield services


def _is_for_tests(postgres: str) -> None:
    with psycopg.connect(postgres) as admin:
        if admin.info.parameter_status("is_superuser") != "on":
            pytest.exit("DATABASE_URL is not a superuser's address: tests make roles and databases.", returncode=2)
        served = admin.execute(
            "SELECT datname FROM pg_database WHERE datacl::text LIKE %s AND datname NOT LIKE %s",
            ("%goldsmith_app=%", DATABASES + "%"),
        ).fetchone()
        if served:
            pytest.exit(
                f"The server of DATABASE_URL serves an installation (database {served[0]}), and tests would change "
                "its roles: give them a server of their own, or unset DATABASE_URL.",
                returncode=2,
            )
