"""Who is at work: workers and schedulers say every few seconds that they live, and workers what they are doing."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

Kind = Literal["worker", "scheduler"]

#: How often they say so.
EVERY_S = 2.0
#: Whoever was silent for so long is taken for dead.
SILENT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Running:
    """A job that a worker has in its hands, and since when."""

    job: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Present:
    """A process at work, as it last said of itself."""

    kind: Kind
    name: str
    begun_at: datetime
    seen_at: datetime
    running: Sequence[Running] = ()

    def is_alive(self, now: datetime) -> bool:
        return now - self.seen_at < SILENT


class Presence(Protocol):
    """Where processes say that they live. What is told may be lost; it is told again."""

    def tell(self, one: Present) -> None:
        """Returns soon and never raises."""

    def leave(self, one: Present) -> None:
        """It ends as it should, and is not missed. Never raises."""

    def seen(self) -> Sequence[Present] | None:
        """Everybody of the last day, the dead too; None when that cannot be known now."""

    def queued(self) -> Mapping[str, int] | None:
        """How many jobs were handed over and not yet taken, by queue; None when that cannot be known now."""


def own_name() -> str:
    """This process, among all of the installation."""
    return f"{socket.gethostname()}:{os.getpid()}"
