"""Goldsmith as an operator runs it: server, worker and scheduler in processes of their own, on two shops that trade."""

from __future__ import annotations

import email as letters
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.policy import default
from pathlib import Path

import httpx

from adapters.cli.demo import free_port, reasons_against
from adapters.config import Config, libpq_url
from adapters.demo.seed import seed
from adapters.embedded.processes import wait_until
from adapters.embedded.valkey import EmbeddedValkey
from adapters.launcher.keys import Keys
from adapters.launcher.services import ROLES
from adapters.launcher.supervisor import Supervisor
from tests.services import Services

HOST = "127.0.0.1"
PIECES = 240

PASSWORD = "copper-lantern-79-river"
APP = "GOLDSMITHGOLDSMITHGOLDSMITHGOLDS"
KEYS = Keys("one-key-for-every-worker-of-this-run", "", PASSWORD, PASSWORD, APP)

#: Shops of the demo by the language that is spoken in them.
SHOPS = {"fa": "mehr", "en": "creek"}
ADMIN = "admin@goldsmith.example"

#: Shop and role → the first part of the address that one signs in with.
_PEOPLE = {
    "mehr": {"owner": "mehrdad", "manager": "leila", "employee": "amir"},
    "creek": {"owner": "sara", "manager": "ravi", "employee": "mona"},
}


def email(language: str, role: str = "owner") -> str:
    """Who works in the shop of this language."""
    shop = SHOPS[language]
    return f"{_PEOPLE[shop][role]}@{shop}.example"


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is served, and the database behind it."""

    address: str
    database: str
    folder: Path

    def last_words(self) -> str:
        """The end of the server's log: why it answered as it did."""
        return "\n".join((self.folder / "serve.log").read_text(errors="replace").splitlines()[-12:])

    def link_in_letter(self, to: str, begins: str = "/invitations/") -> str:
        """The path behind the link in the newest letter to this address; the worker writes it."""
        assert wait_until(lambda: self._links(to, begins) != [], seconds=60), f"no letter came for {to}"
        link = self._links(to, begins)[0]
        # What it opens is committed when the letter has left: nobody but a test is there before.
        wait_until(lambda: httpx.get(f"{self.address}{link}").status_code == 200, seconds=10)
        return link

    def _links(self, to: str, begins: str) -> list[str]:
        found = []
        for file in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
            letter = letters.message_from_bytes(file.read_bytes(), policy=default)
            body = letter.get_body(("plain",))
            if letter["To"] == to and body is not None:
                found += re.findall(rf"https?://[^/\s]+({begins}\S+)", body.get_content())
        return found


def fill(services: Services, database: str) -> None:
    """Two shops with a month behind them, as `./run` shows them."""
    config = Config.model_validate({name.lower(): value for name, value in _environment(services, database).items()})
    seed(config, KEYS, shops=2, items=PIECES, say=lambda _line: None)


@contextmanager
def running(services: Services, database: str, folder: Path) -> Iterator[Installation]:
    """The installation until the end of the block. It has a queue of its own: no other one does its jobs."""
    with EmbeddedValkey() as valkey:
        environment = _environment(services, database) | {"REDIS_URL": valkey.url, "DATA_DIR": str(folder)}
        with Supervisor(folder, environment) as processes:
            port = free_port(HOST, 0)
            processes.start("serve", "--host", HOST, "--port", str(port))
            processes.start("worker")
            processes.start("scheduler")
            processes.wait_for("serve", lambda: reasons_against(HOST, port), seconds=60)
            yield Installation(f"http://{HOST}:{port}", database, folder)


def _environment(services: Services, database: str) -> dict[str, str]:
    return {
        **{name: libpq_url(services.url(role, database)) for name, role in ROLES.items()},
        "REDIS_URL": services.redis,
        "ENVIRONMENT": "development",
        "SECRET_KEY": KEYS.secret_key,
        # What a shop sets itself: nothing moves while somebody looks.
        "RATE_SOURCE": "manual",
    }
