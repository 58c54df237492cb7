"""Figures for Prometheus: requests by route and status, their duration, and the process's own."""

from __future__ import annotations

import hmac

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request

from web.house import House

CONTENT_TYPE = CONTENT_TYPE_LATEST

requests = Counter("goldsmith_requests_total", "Requests answered.", ["method", "route", "status"])
seconds = Histogram(
    "goldsmith_request_seconds",
    "Time from the first byte in to the last byte out.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

streams = Gauge("goldsmith_live_streams", "Pages that are open and told what changes.")


def may_read(request: Request, house: House) -> bool:
    """Whoever holds the token; without one configured only a developer's own machine."""
    if house.metrics_token is None:
        return not house.production
    sent = request.headers.get("authorization", "")
    return hmac.compare_digest(sent.encode(), f"Bearer {house.metrics_token.get_secret_value()}".encode())


def text() -> bytes:
    return generate_latest()
