"""Secrets that have to be read again, such as the seed of a second factor: kept so that the database alone is no use.

What is only compared (passwords, tokens) is hashed instead, and never comes here.
"""

from __future__ import annotations

from typing import Protocol

from kernel.errors import GoldsmithError
from kernel.i18n import _


class Safe(Protocol):
    """Locks secrets with a key that the database does not have."""

    def lock(self, secret: bytes, about: str) -> bytes:
        """The secret, locked. `about` says what it is and whose: it opens for nothing else."""

    def unlock(self, locked: bytes, about: str) -> bytes:
        """Raises WrongKey where it was locked with another key or about something else, or was changed since."""


class WrongKey(GoldsmithError):
    status = 500

    def __init__(self) -> None:
        super().__init__(_("This was kept under another key of the installation, and cannot be read."))
