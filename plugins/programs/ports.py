"""What programs' credentials need from the outside."""

from __future__ import annotations

from typing import Protocol

from plugins.programs.domain.passes import Pass


class Passes(Protocol):
    """Writes and reads access tokens; only this installation can write one that it reads."""

    def write(self, given: Pass) -> str:
        """The token that says this."""

    def read(self, token: str) -> Pass | None:
        """What it says, also when it has run out; None when it is not ours, was changed or is for another house."""

    def next_of(self, refresh: str) -> str:
        """The refresh token that follows this one: always the same, and nobody else can tell it."""
