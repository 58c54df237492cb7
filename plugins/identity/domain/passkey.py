"""A key that a phone, a computer or a small device keeps, and that nobody can type or copy (WebAuthn)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import _

#: So long a page may wait for somebody to touch their key.
GOOD_FOR = timedelta(minutes=15)


class Purpose(StrEnum):
    """What a key is asked for: what was signed for one is no use for another."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Passkey:
    id: UUID
    person: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    name: str
    added_at: datetime
    used_at: datetime | None


class PasskeyRefused(RuleBroken):
    """One sentence for whatever is not right about it."""

    def __init__(self) -> None:
        super().__init__(_("This passkey was not accepted. Please load the page again and try once more."))


class KnownPasskey(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This passkey is in use already."))
