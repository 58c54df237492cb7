"""How long what is to be deleted is kept, by configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WholeDays:
    days: int
