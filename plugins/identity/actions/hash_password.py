"""Passwords are kept as Argon2id hashes only (SPEC ID2)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

#: RFC 9106's second choice: 64 MiB, three passes. Raise it here; hashes are renewed as people sign in.
hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


#: Each hash takes its 64 MiB: a morning on which everybody signs in at once must not take the machine.
_room = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    with _room:
        return hasher.hash(_one_spelling(password))


def matches(password: str, hashed: str | None) -> bool:
    """Is it the password behind this hash? Takes as long where there is no hash, so that nobody learns who exists."""
    nobodys = _nobodys_hash()
    try:
        with _room:
            hasher.verify(hashed or nobodys, _one_spelling(password))
    except VerificationError:
        return False
    return hashed is not None


def is_outdated(hashed: str) -> bool:
    """Was it made with other parameters than today's?"""
    return hasher.check_needs_rehash(hashed)


def _one_spelling(password: str) -> str:
    """Keyboards compose the same letter in different ways (NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hasher.hash("nobody signs in with this")
