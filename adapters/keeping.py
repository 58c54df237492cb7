"""How long the platform's trail is kept, as this installation is configured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptMonths:
    months: int
