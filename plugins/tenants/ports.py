"""What shops need of whoever runs the installation."""

from __future__ import annotations

from typing import Protocol


class Waiting(Protocol):
    """How long a shop that is to be deleted is kept."""

    @property
    def days(self) -> int:
        """Whole days of the shop; it is erased after the last of them."""
