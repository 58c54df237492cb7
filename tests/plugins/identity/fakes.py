"""What stands in for the outside when people sign in during tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher
from pydantic import SecretStr

from adapters.limits.memory import MemoryLimits
from adapters.safe import AesSafe
from adapters.sessions.memory import MemorySessions
from adapters.site import ConfiguredSite
from kernel.errors import GoldsmithError
from kernel.mail import Letter, Mailer
from kernel.safe import Safe
from kernel.site import Site
from plugins.identity.actions import hash_password
from plugins.identity.ports import Limits, SessionCache


class NoMemory(MemorySessions):
    """Keeps nothing, so that a test sees at once what others see within a second."""

    def keep(self, key: str, found: bytes) -> None:
        return


class KeptLetters:
    """Takes letters and keeps them; with `refuse` it does not take them."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refuse: GoldsmithError | None = None

    def send(self, letter: Letter) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        """Those to one person: tests of a worker share the one box."""
        return [letter for letter in self.letters if letter.to == address]


LIMITS = MemoryLimits()
POST = KeptLetters()
SAFE = AesSafe(SecretStr("the key of every test's installation"))
SITE = ConfiguredSite("gold.example.com", secure=True, sends_mail=True)


def adapters() -> Mapping[type[Any], Any]:
    # As cheap as Argon2id can be: tests hash all day, and measure nothing by it.
    hash_password.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return {SessionCache: NoMemory(), Limits: LIMITS, Mailer: POST, Site: SITE, Safe: SAFE}
