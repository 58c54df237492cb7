"""How often the API may be asked: by one network address, by one person, by one shop.

All processes count together, in windows that begin with the first request and end for good: at worst somebody asks
twice as much within an hour as meant, around the seam of two windows. In exchange what the answers' headers say is
exact, and each request is counted in one round trip (docs/decisions/0019).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kernel.access import SignedIn
from kernel.errors import TooMany, TryLater
from kernel.i18n import _
from kernel.networks import neighbourhood

log = logging.getLogger(__name__)

HOUR_S = 3600
#: A store that does not answer is asked again after so long, not by every request.
ASK_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests within so many seconds; its name is what programs read in `RateLimit`."""

    name: str
    most: int
    seconds: int = HOUR_S


@dataclass(frozen=True, slots=True)
class Used:
    """How much of a quota is used, and when it begins anew."""

    quota: Quota
    count: int
    renewed_in_s: int

    @property
    def left(self) -> int:
        return max(0, self.quota.most - self.count)

    @property
    def is_over(self) -> bool:
        return self.count > self.quota.most


class Counter(Protocol):
    """Counts for all processes together."""

    def count(self, asked: Sequence[tuple[str, Quota]]) -> list[Used]:
        """One more request of each of these callers, in one round trip. Raises TryLater when it cannot count."""


class AskedTooOften(TooMany):
    def __init__(self, used: Used) -> None:
        sentences = {
            "address": _("Too many requests come from this network address without a valid token."),
            "user": _("Your programs ask too often."),
            "shop": _("The programs of this shop ask too often."),
        }
        super().__init__(sentences[used.quota.name])
        self.retry_after_s = used.renewed_in_s


class Pace:
    """The installation's quotas, and the counter that keeps them."""

    def __init__(self, counter: Counter, *, address: int, user: int, shop: int) -> None:
        self._counter = counter
        self._open_until = 0.0
        self._address, self._user, self._shop = Quota("address", address), Quota("user", user), Quota("shop", shop)

    def of_nobody(self, address: str | None) -> list[Used]:
        return self._count([(f"address:{neighbourhood(address or '')}", self._address)])

    def of(self, person: SignedIn) -> list[Used]:
        asked = [(f"user:{person.actor.subject_id or person.actor.id}", self._user)]
        if person.tenant is not None:
            asked.append((f"shop:{person.tenant}", self._shop))
        return self._count(asked)

    def _count(self, asked: Sequence[tuple[str, Quota]]) -> list[Used]:
        if time.monotonic() < self._open_until:
            return []
        try:
            return self._counter.count(asked)
        except TryLater:
            # A cache that is down stops no till, and makes none wait: what guards a door counts for itself.
            self._open_until = time.monotonic() + ASK_AGAIN_S
            log.warning("requests of the API are not counted: the store of limits does not answer")
            return []


def headers(used: Sequence[Used]) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 writes them."""
    if not used:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{one.quota.name}";q={one.quota.most};w={one.quota.seconds}' for one in used),
        "RateLimit": ", ".join(f'"{one.quota.name}";r={one.left};t={one.renewed_in_s}' for one in used),
    }
