"""What stands in for the outside when people sign in during tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher

from adapters.limits.memory import MemoryLimits
from adapters.sessions.memory import MemorySessions
from plugins.identity.actions import hash_password
from plugins.identity.ports import Limits, SessionCache


class NoMemory(MemorySessions):
    """Keeps nothing, so that a test sees at once what others see within a second."""

    def keep(self, key: str, found: bytes) -> None:
        return


LIMITS = MemoryLimits()


def adapters() -> Mapping[type[Any], Any]:
    # As cheap as Argon2id can be: tests hash all day, and measure nothing by it.
    hash_password.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return {SessionCache: NoMemory(), Limits: LIMITS}
