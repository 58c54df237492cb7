"""A shop whose people sign in at Canaille, a real provider that the tests start."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from kernel.ids import new_id
from kernel.tenancy import Shop
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

SECRET = "the secret of the client"
SITE = "https://gold.example.com"


class Canaille:
    """The provider, as its admin sees it."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        script = Path(__file__).with_name("canaille_server.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def do(self, what: str, **fields: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **fields}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._read())

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the provider has died"
        return line


@pytest.fixture(scope="session")
def canaille() -> Iterator[Canaille]:
    server = Canaille()
    yield server
    server.end()


class Person:
    """Somebody with an account at the provider, and their browser there."""

    def __init__(self, canaille: Canaille, name: str, email: str, verified: str = "true") -> None:
        self.canaille, self.name, self.email = canaille, name, email
        self._client = httpx.Client(base_url=canaille.issuer, follow_redirects=False, trust_env=False)
        self.asked_for_password = 0
        canaille.do("add_user", name=name, email=email, verified=verified, password=PASSWORD)

    def goes_to(self, address: str) -> str:
        """They are sent there by us, sign in and agree. Answers where the provider sends them."""
        answer = self._client.get(address)
        for _step in range(12):
            if answer.is_redirect:
                target = answer.headers["location"]
                if target.startswith(SITE):
                    return target.removeprefix(SITE)
                answer = self._client.get(target)
            else:
                answer = self._client.post(answer.url.path, data=self._filled(answer))
        raise AssertionError(answer.text)

    def _filled(self, page: httpx.Response) -> dict[str, str]:
        assert page.status_code == 200, page.text
        if 'name="password"' in page.text:
            self.asked_for_password += 1
            return {"password": PASSWORD}
        return {"login": self.name} if 'name="login"' in page.text else {"answer": "accept"}


@pytest.fixture
def person(canaille, shop) -> Callable[..., Person]:
    def known(name="mina", email="", verified="true") -> Person:
        unique = f"{name}-{new_id().hex[-12:]}"
        return Person(canaille, unique, email or f"{unique}@gold.example", verified)

    return known


@pytest.fixture
def shop(new_shop) -> Shop:
    """Its pages are in English."""
    made: Shop = new_shop("AE")
    return made


@pytest.fixture
def set_up(canaille, signed_in) -> Callable[..., Browser]:
    """The owner of a shop has its people sign in at the provider; answers their browser."""

    def configured(at, **changes) -> Browser:
        client = f"client-{at.slug}-{new_id().hex[-6:]}"
        canaille.do("add_client", id=client, secret=SECRET, back=f"{SITE}/sign-in/{at.slug}/answer")
        fields = {
            "issuer": canaille.issuer, "client_id": client, "secret": SECRET, "title": "Canaille",
            "domains": "gold.example", "newcomers": "employee", "own_ways": "on", "is_on": "on",
        }  # fmt: skip
        owner: Browser = signed_in(at, "owner", "Omid")
        fields = {name: value for name, value in {**fields, **changes}.items() if value is not None}
        saved = owner.post("/settings/single-sign-on", **fields)
        assert saved.status_code == 303, saved.text
        return owner

    return configured


def asked(browser: Browser, shop: Shop, purpose: str = "enter", next: str = "/") -> str:
    """Where we send the browser."""
    answer = browser.get(f"/sign-in/{shop.slug}/go?purpose={purpose}&next={next}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def comes(browser: Browser, shop: Shop, who: Person, purpose: str = "enter", next: str = "/") -> httpx.Response:
    """All the way: to the provider and back."""
    return browser.get(who.goes_to(asked(browser, shop, purpose, next)))


def parts(address: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in urlsplit(address).query.split("&"))


def said(page: httpx.Response) -> str:
    """A page without its tags."""
    return re.sub(r"<[^>]+>", " ", page.text)
