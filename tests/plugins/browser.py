"""A browser as a test drives it: it keeps cookies, sends the session's proof with changes, and stays on redirects."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import count
from typing import Any

import pyotp
from httpx import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from plugins.identity.domain.session import Token
from web.guard import masked
from web.render import CSRF_FIELD, CSRF_HEADER

_hosts = count(1)


class Carried(Token):
    """What a browser holds, with the proof as pages carry it: another one each time."""

    @property
    def csrf(self) -> str:
        return masked(Token(self.secret).csrf)


class Browser:
    """Every browser knocks from an address of its own, so that tests do not use up each other's tries."""

    def __init__(self, app: Starlette, address: str = "") -> None:
        number = next(_hosts)
        self.address = address or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.client = TestClient(
            app, base_url="http://localhost", client=(self.address, 50_000), follow_redirects=False,
            raise_server_exceptions=False, headers={"accept-language": "en"},
        )  # fmt: skip

    @property
    def token(self) -> Carried | None:
        secret = self.client.cookies.get("goldsmith")
        return Carried(secret) if secret else None

    def get(self, path: str, **options: Any) -> Response:
        answer: Response = self.client.get(path, **options)
        return answer

    def post(self, path: str, **fields: str) -> Response:
        """Send a form, as our own pages do."""
        proof = {CSRF_FIELD: self.token.csrf} if self.token else {}
        answer: Response = self.client.post(path, data={**fields, **proof})
        return answer

    def upload(self, path: str, field: str, content: bytes) -> Response:
        """Send a form with a file in it."""
        proof = {CSRF_FIELD: self.token.csrf} if self.token else {}
        answer: Response = self.client.post(path, data=proof, files={field: ("file", content)})
        return answer

    def send(self, method: str, path: str, body: Any = None) -> Response:
        """Send JSON."""
        proof = {CSRF_HEADER: self.token.csrf} if self.token else {}
        answer: Response = self.client.request(method, path, json=body, headers=proof)
        return answer

    def sign_in(self, email: str, password: str) -> Response:
        """All the way in, where that takes a second step: with an app of their own, set up the first time."""
        answer = self.post("/login", email=email, password=password)
        asked = answer.headers.get("location", "").split("?")[0]
        if asked == "/login/app":
            return self._set_up_app(email)
        if asked == "/login/code" and email in _apps:
            return self.post("/login/code", code=self.code(email))
        return answer

    def code(self, email: str) -> str:
        """The next one that this person's app shows and that was not used before."""
        return _apps[email].code(self.now)

    @property
    def now(self) -> datetime:
        """By the clock of the installation."""
        application: Any = self.client.app
        now: datetime = application.state.house.database.clock.now()
        return now

    def _set_up_app(self, email: str) -> Response:
        shown = self.get("/login/app").text
        _apps[email] = App(found(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", shown))
        offer = found(r'name="offer" value="([^"]+)"', shown)
        codes = self.post("/login/app", code=self.code(email), offer=offer)
        assert codes.status_code == 200, codes.text
        return self.get(found(r'<a class="button button--primary" href="([^"]+)"', codes.text))


class App:
    """An authenticator app on somebody's phone."""

    def __init__(self, seed: str) -> None:
        self._shown = pyotp.TOTP(seed)
        self._last = 0

    def code(self, now: datetime) -> str:
        """Each once: the one of this moment, or one a little later than it."""
        self._last = max(self._shown.timecode(now) - 1, self._last + 1)
        return self._shown.generate_otp(self._last)


#: Who has set up a second step, by their address.
_apps: dict[str, App] = {}


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]
