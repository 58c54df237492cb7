"""Signals: something changed in a shop or on the platform, told to whoever looks right now (docs/decisions/0012).

A signal carries no data, so it cannot tell anybody what is not theirs: who hears one asks again. It may be lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Protocol

from kernel.tenancy import TenantId


@dataclass(frozen=True, slots=True)
class Signal:
    """What changed, and where: in a shop, or on the platform. Topics are single words, such as `sales`."""

    shop: TenantId | None
    topic: str


class Signals(Protocol):
    """The way from whichever process changed something to whichever holds somebody's page open."""

    def send(self, shop: TenantId | None, topics: Iterable[str]) -> None:
        """Tell all processes, this one too. Returns at once and never raises: what cannot be told is lost."""

    def heard(self) -> AsyncIterator[Signal]:
        """What any process tells from now on. Never ends, and finds its way back after an outage."""
