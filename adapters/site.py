"""The installation's name, as the configuration says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConfiguredSite:
    domain: str
    secure: bool
    sends_mail: bool

    def at(self, path: str) -> str:
        return f"http{'s' if self.secure else ''}://{self.domain}{path}"
