"""What stands around every request: an id, a clock, and headers that tell browsers to trust nobody else."""

from __future__ import annotations

import re
import time

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.ids import new_id
from kernel.logs import bind, forget
from web import metrics
from web.assets import PREFIX

_PORT = re.compile(r":\d+$")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class SecurityHeaders:
    """The same headers on every answer; nothing but static files may be kept by a cache."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(f"{PREFIX}/"):
                    headers.setdefault("Cache-Control", "no-store")
                else:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class OneName:
    """Under the name of the installation, and no other: whoever reads `Host` further in may believe it."""

    def __init__(self, app: ASGIApp, *, domain: str) -> None:
        self.app = app
        # Browsers leave the port of https out; not every proxy does.
        self._names = {domain.lower(), domain.lower() if _PORT.search(domain) else f"{domain.lower()}:443"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # What probes and measures comes by number, and is told nothing that depends on the name.
        if scope["type"] != "http" or scope["path"].startswith(("/health/", "/metrics")):
            await self.app(scope, receive, send)
            return
        names = [str(value, "latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if len(names) == 1 and names[0] in self._names:
            await self.app(scope, receive, send)
        elif len(names) == 1:
            await PlainTextResponse("Nothing is served under this name.", 421)(scope, receive, send)
        else:
            await PlainTextResponse("Ask with one Host header.", 400)(scope, receive, send)


class Around:
    """An id for the logs and the answer, and the figures for /metrics by route (never by address: that has no end)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _asked_id(scope) or str(new_id())
        forget()
        bind(request=request_id)
        scope["request_id"] = request_id
        begun = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            metrics.requests.labels(scope["method"], route, status).inc()
            if "endless" not in scope:
                metrics.seconds.labels(scope["method"], route).observe(time.perf_counter() - begun)


def _asked_id(scope: Scope) -> str | None:
    """The proxy's id, where it is one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and re.fullmatch(rb"[A-Za-z0-9-]{8,64}", value):
            return str(value, "ascii")
    return None
