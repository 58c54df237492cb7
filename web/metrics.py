"""Figures for Prometheus: requests by route and status, their duration, and the process's own."""

from __future__ import annotations

import hmac
from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Summary:
    """How this process has answered since it began. `half_s` and `most_s` are the 50th and 95th percentile."""

    answered: int
    broken: int
    half_s: float | None
    most_s: float | None


def summary() -> Summary:
    """Of all routes together, as they stand in /metrics."""
    counted = {"5": 0} | _by_status()
    below: Tally[float] = Tally()
    for family in seconds.collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                below[float(sample.labels["le"])] += int(sample.value)
    return Summary(sum(counted.values()), counted["5"], quantile(below, 0.5), quantile(below, 0.95))


def _by_status() -> dict[str, int]:
    """How many answers began with a 2, a 3, a 4, a 5."""
    counted: Tally[str] = Tally()
    for family in requests.collect():
        for sample in family.samples:
            if sample.name.endswith("_total"):
                counted[sample.labels["status"][:1]] += int(sample.value)
    return dict(counted)


def quantile(below: Mapping[float, int], part: float) -> float | None:
    """Where `part` of all that was measured lies, read between two bounds as Prometheus does; None of nothing.

    `below` says how many were at most so large. Beyond the last finite bound nothing is known but that bound.
    """
    bounds = sorted(below)
    if not bounds or below[bounds[-1]] == 0:
        return None
    wanted, floor, passed = below[bounds[-1]] * part, 0.0, 0
    for bound in bounds:
        if below[bound] >= wanted:
            within = below[bound] - passed
            return floor if bound == float("inf") else floor + (bound - floor) * ((wanted - passed) / within)
        floor, passed = bound, below[bound]
    return floor
