"""What signing in needs from the outside."""

from __future__ import annotations

from typing import Protocol


class SessionCache(Protocol):
    """What the database said about a session a moment ago, so that not every request has to ask.

    Never the only copy and never older than a second: a session that ends is out of the house within that second.
    An implementation that has lost its memory, or the way to it, answers None and keeps nothing; it never raises.
    """

    def recall(self, key: str) -> bytes | None:
        """What was kept under `key` less than a second ago."""

    def keep(self, key: str, found: bytes) -> None:
        """Keep it for a second."""

    def forget(self, key: str) -> None:
        """Drop it now."""


class Limits(Protocol):
    """How often something may be tried, counted for all processes together."""

    #: So often one network address may try to sign in within a minute: the installation's choice.
    tries_a_minute: int

    def allow(self, what: str, *, most: int, seconds: int) -> bool:
        """Count one more try of `what`; False when it is more than `most` in a window of `seconds`.

        The window begins with the first try. Raises TryLater when it cannot count: whoever guards a door keeps
        it shut then.
        """
