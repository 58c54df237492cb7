"""What the trail needs of whoever runs the installation."""

from __future__ import annotations

from typing import Protocol


class Keeping(Protocol):
    """How long the platform's own trail is kept; each shop decides about its own."""

    @property
    def months(self) -> int:
        """What is older is forgotten every night."""
