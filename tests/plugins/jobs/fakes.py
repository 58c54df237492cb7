"""Who is at work, kept within the test's own process."""

from __future__ import annotations

from typing import Any

from adapters.presence.memory import MemoryPresence
from kernel.presence import Presence


def adapters() -> dict[type[Any], Any]:
    return {Presence: MemoryPresence()}
