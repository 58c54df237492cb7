"""A password to begin with: made by us, told once, good for one sign-in."""

from __future__ import annotations

import secrets
from datetime import timedelta

#: Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GOOD_FOR = timedelta(days=14)


def start_password() -> str:
    """Such as `kf7m-2qpd-x9rt-w3hc`: 79 random bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _each in range(4)) for _group in range(4))
