"""Somebody who knocks at the real server without a browser, for what is asked before and beside the pages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from tests.e2e.installation import ADMIN, APP, PASSWORD, Installation
from tests.plugins.browser import App, Browser
from web.routing import NOTICE_COOKIE

_hosts = count(1)
_phone = App(APP)


def an_address() -> dict[str, str]:
    """As a proxy says who is behind it: everybody from somewhere else, so that nobody uses up another's tries."""
    number = next(_hosts)
    return {"x-forwarded-for": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


class Visitor(Browser):
    """What tests of pages do over ASGI, over the wire."""

    def __init__(self, installation: Installation) -> None:
        def answered(answer: httpx.Response) -> None:
            assert answer.status_code < 500, f"{answer.url}: {installation.last_words()}"

        self.client: Any = httpx.Client(
            base_url=installation.address,
            headers={"accept-language": "en", **an_address()},
            timeout=30,
            event_hooks={"response": [answered]},
        )

    @classmethod
    def signed_in(cls, installation: Installation, email: str) -> Visitor:
        visitor = cls(installation)
        answer = visitor.sign_in(email, PASSWORD)
        if answer.headers["location"] == "/login/code":
            assert email == ADMIN
            answer = visitor.post("/login/code", code=_phone.code(visitor.now))
        assert answer.status_code == 303, answer.text
        return visitor

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def cookies(self) -> list[Any]:
        """For a browser to go on with, as Playwright takes them."""
        base = str(self.client.base_url)
        kept = {name: value for name, value in self.client.cookies.items() if name != NOTICE_COOKIE}
        return [{"name": name, "value": value, "url": base} for name, value in kept.items()]
