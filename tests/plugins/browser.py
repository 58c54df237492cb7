"""A browser as a test drives it: it keeps cookies, sends the session's proof with changes, and stays on redirects."""

from __future__ import annotations

from itertools import count
from typing import Any

from httpx import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from plugins.identity.domain.session import Token
from web.render import CSRF_FIELD, CSRF_HEADER

_hosts = count(1)


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
    def token(self) -> Token | None:
        secret = self.client.cookies.get("goldsmith")
        return Token(secret) if secret else None

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
        return self.post("/login", email=email, password=password)
