"""Keys that a person makes for a program of theirs."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_letters, digits
from uuid import UUID

from kernel.errors import NotFound, RuleBroken
from kernel.i18n import _

#: Whoever searches code or logs for what should not be there finds it by this.
PREFIX = "gsk_"
#: Shown in lists, so that one tells one's keys from another.
SHOWN = len(PREFIX) + 6
_ALPHABET = digits + ascii_letters
_RANDOM, _CHECK = 43, 6

MOST_KEYS = 20
LIFETIMES = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365)}
#: How exactly "last used" is kept: not every request writes.
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its owner sees it: never the key itself. `scopes` are names of permissions."""

    id: UUID
    name: str
    start: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None

    def lasts(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def new_key() -> str:
    """Such as `gsk_4hT…`: 256 random bits and a checksum, so that a slip is seen without looking anything up."""
    drawn = "".join(secrets.choice(_ALPHABET) for _each in range(_RANDOM))
    return f"{PREFIX}{drawn}{_checksum(drawn)}"


def is_key(secret: str) -> bool:
    """Has it the shape of one, whether or not anybody made it?"""
    drawn, check = secret[len(PREFIX) : -_CHECK], secret[-_CHECK:]
    return secret.startswith(PREFIX) and len(drawn) == _RANDOM and check == _checksum(drawn)


def hash_of(secret: str) -> bytes:
    """All that is kept of a key or a refresh token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _checksum(drawn: str) -> str:
    number, found = zlib.crc32(drawn.encode()), ""
    for _each in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        found = _ALPHABET[digit] + found
    return found


def may_hold(wanted: Iterable[str], own: AbstractSet[str]) -> tuple[str, ...]:
    """What a key may at most. Raises MoreThanYouMay."""
    chosen = tuple(sorted(set(wanted)))
    if not set(chosen) <= own:
        raise MoreThanYouMay
    return chosen


class MoreThanYouMay(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("A key may do what you may, and no more."))


class TooManyKeys(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You have {count} keys already. Please revoke one first.").format(count=MOST_KEYS))


class NoSuchKey(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such key."))
