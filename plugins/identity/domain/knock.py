"""Somebody at the door: which of it looks as it always did, and which looks suspicious."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kernel.networks import neighbourhood

#: A person mistypes a password; so often nobody does.
MANY_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Knock:
    """One sign-in, or a try that was refused: from which network address, and with which browser."""

    got_in: bool
    address: str
    device: str


def signs(before: Sequence[Knock], now: Knock) -> list[str]:
    """Why this sign-in looks suspicious beside those `before` it, the newest first. The very first never does."""
    known = [knock for knock in before if knock.got_in]
    found = []
    if known and kind_of(now.device) not in {kind_of(knock.device) for knock in known}:
        found.append("new_device")
    if known and neighbourhood(now.address) not in {neighbourhood(knock.address) for knock in known}:
        found.append("new_address")
    if failures(before) >= MANY_FAILURES:
        found.append("after_failures")
    return found


def failures(before: Sequence[Knock]) -> int:
    """How many tries were refused since the person last got in."""
    return next((count for count, knock in enumerate(before) if knock.got_in), len(before))


def kind_of(device: str) -> str:
    """A browser that was brought up to date is no new device."""
    return re.sub(r"[\d._]+", "", device)
