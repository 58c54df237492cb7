"""The database and the queue of a demo: children of ours, or those that the environment names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from sqlalchemy import URL, make_url

from adapters.config import sqlalchemy_url
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.processes import CannotStart
from adapters.embedded.valkey import EmbeddedValkey
from adapters.launcher.keys import Keys, write_private
from kernel.i18n import _

DATABASE = "goldsmith"
#: How many shops, and how many pieces in each.
Filling = dict[str, int | None]

ROLES = {
    "DATABASE_URL": "goldsmith_app",
    "PLATFORM_DATABASE_URL": "goldsmith_platform",
    "MIGRATION_DATABASE_URL": "goldsmith_migrator",
}


@dataclass(frozen=True, slots=True)
class Diary:
    """What a database of our own has been filled with."""

    folder: Path

    @property
    def is_half(self) -> bool:
        """The first filling was interrupted: there is half a month of sales, which nobody could tell from a whole."""
        return self._begun.exists()

    def begin(self) -> None:
        self._begun.touch()

    def logins(self, wanted: Filling) -> list[dict[str, str]] | None:
        """Who can sign in, if it holds what is wanted; else None."""
        if not self._filled.exists():
            return None
        filled = json.loads(self._filled.read_text())
        return filled["logins"] if filled["wanted"] == wanted else None

    def finish(self, wanted: Filling, logins: list[dict[str, str]]) -> None:
        write_private(self._filled, {"wanted": wanted, "logins": logins})
        self._begun.unlink(missing_ok=True)

    @property
    def _begun(self) -> Path:
        return self.folder / "half-filled"

    @property
    def _filled(self) -> Path:
        return self.folder / "filled.json"


@dataclass(frozen=True, slots=True)
class Services:
    """Where the database and the queue are."""

    #: The administrator's address, who makes the roles; None where they exist already.
    admin_url: str | None
    #: The addresses under the names that `adapters.config` reads.
    urls: dict[str, str]
    #: Passwords for the roles; a server of our own asks for none.
    passwords: dict[str, str]
    children: tuple[EmbeddedPostgres | EmbeddedValkey, ...] = ()
    #: Beside a database of our own, so that both go together.
    diary: Diary | None = None

    def fallen(self) -> str | None:
        """The sentence for a child that ended by itself."""
        for child in self.children:
            if not child.is_running:
                return _("{service} ended by itself: look into {folder} for its log, and start again.").format(
                    service=type(child).__name__.removeprefix("Embedded"), folder=child.folder
                )
        return None


@contextmanager
def services(folder: Path, keys: Keys) -> Iterator[Services]:
    """What `DATABASE_URL` and `REDIS_URL` name; for what they do not, a server that ends with the block."""
    with ExitStack() as running:
        children: list[EmbeddedPostgres | EmbeddedValkey] = []
        redis_url = os.environ.get("REDIS_URL")
        if redis_url:
            # Now, and not when the first job is sent.
            redis.Redis.from_url(redis_url, socket_connect_timeout=5).ping()
        else:
            valkey = running.enter_context(EmbeddedValkey(folder / "valkey"))
            children.append(valkey)
            redis_url = valkey.url
        given = os.environ.get("DATABASE_URL")
        if given:
            yield _given(given, redis_url, keys, tuple(children))
            return
        postgres = running.enter_context(EmbeddedPostgres(folder / "postgres"))
        diary = Diary(postgres.folder)
        if diary.is_half:
            postgres.drop_database(DATABASE)
        if postgres.make_database(DATABASE):
            diary.begin()
        urls = {name: postgres.url(role, DATABASE) for name, role in ROLES.items()}
        yield Services(
            postgres.url(database=DATABASE),
            {**urls, "REDIS_URL": redis_url},
            {},
            (*children, postgres),
            diary,
        )


def _given(
    database_url: str, redis_url: str, keys: Keys, children: tuple[EmbeddedPostgres | EmbeddedValkey, ...]
) -> Services:
    """Three addresses are used as they are. One alone is the administrator's, who makes the roles for the others."""
    named = {name: os.environ[name] for name in ROLES if os.environ.get(name)}
    if len(named) == len(ROLES):
        return Services(None, {**named, "REDIS_URL": redis_url}, {}, children)
    if len(named) > 1:
        raise CannotStart(
            _("Set DATABASE_URL alone, with an administrator's address, or set all of {names}.").format(
                names=", ".join(ROLES)
            )
        )
    admin = make_url(sqlalchemy_url(database_url))
    urls = {name: _plain(admin.set(username=role, password=keys.database_password)) for name, role in ROLES.items()}
    passwords = dict.fromkeys(ROLES.values(), keys.database_password)
    return Services(_plain(admin), {**urls, "REDIS_URL": redis_url}, passwords, children)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
