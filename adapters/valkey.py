"""The connection to Valkey or Redis. Whatever is kept there may be lost: nothing is only there."""

from __future__ import annotations

from pydantic import SecretStr
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(url: SecretStr) -> Redis:
    """A pool that gives up fast: a page must not wait for a cache. Connects when first used."""
    return Redis.from_url(
        url.get_secret_value(), socket_timeout=2, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1)
    )
