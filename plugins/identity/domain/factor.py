"""What somebody has, beside the password that they know."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from kernel.digits import latin
from kernel.errors import BadInput, RuleBroken
from kernel.i18n import _

#: A code of an app changes so often (RFC 6238), and one to each side is taken, too: clocks differ.
STEP = timedelta(seconds=30)
TOLERATED = (0, -1, 1)

RECOVERY_CODES = 10
#: Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has to show beside a password, and how many recovery codes are left for when it is lost."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0

    @property
    def are_several(self) -> bool:
        return self.app + self.passkeys > 1


def new_recovery_codes() -> list[str]:
    """Such as `kf7m-2qpd-x9rt`: 59 random bits each."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _each in range(4)) for _group in range(3))
        for _code in range(RECOVERY_CODES)
    ]


def plain_code(typed: str) -> str:
    """A code as it was given: without blanks and dashes, in Latin digits and small letters."""
    return re.sub(r"[\W_]+", "", latin(typed)).lower()


def is_of_app(code: str) -> bool:
    """Six digits come from an app; anything else can only be a recovery code."""
    return re.fullmatch(r"[0-9]{6}", code) is not None


class WrongCode(BadInput):
    """Mistyped, too old, or used already: one sentence for all."""

    def __init__(self) -> None:
        super().__init__({"code": _("This code is not right, or was used before. Please enter the next one.")})


class WrongPassword(BadInput):
    def __init__(self, field: str = "password") -> None:
        super().__init__({field: _("This is not your current password.")})


class HasApp(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("There is an authenticator app already. Remove it first."))


class NeedsFactor(RuleBroken):
    """Nobody takes away the last second factor where one is asked for."""

    def __init__(self) -> None:
        super().__init__(_("You need a second factor here. Add another one before you remove this one."))


class NoFactor(RuleBroken):
    """Recovery codes stand in for something."""

    def __init__(self) -> None:
        super().__init__(_("Set up an authenticator app or a passkey first."))
