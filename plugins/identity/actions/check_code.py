"""A code is looked at: of an authenticator app, or one of those that were kept for when it is lost. Each opens once."""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

import pyotp
from argon2 import PasswordHasher, extract_parameters

from kernel.errors import TooMany
from kernel.i18n import _
from kernel.safe import Safe, WrongKey
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.domain.factor import STEP, TOLERATED, WrongCode, is_of_app, new_recovery_codes, plain_code
from plugins.identity.ports import Limits

log = logging.getLogger(__name__)

Proof = Literal["app", "recovery_code"]

#: In one sign-in, and of one person in all of theirs: of a million codes three are right at a time.
SESSION_TRIES, PERSON_TRIES, TRIES_SECONDS = 5, 10, 15 * 60


#: 59 random bits need less than a password that somebody thought of, and more than a plain hash: that would be guessed
#: in weeks by whoever takes the database away. Ten of them are made while somebody waits.
_hasher = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def count_try(limits: Limits, person: UUID, session: UUID | None = None) -> None:
    """Before anything is looked at that could be guessed. Raises TooMany, and TryLater when nobody can count.

    It shuts for a while and then opens again: whoever has the password can be a nuisance, and lock nobody out for good.
    """
    counted = {f"proof:{session}": SESSION_TRIES} if session else {}
    for what, most in (counted | {f"proof-of:{person}": PERSON_TRIES}).items():
        if not limits.allow(what, most=most, seconds=TRIES_SECONDS):
            refusal = TooMany(_("Too many tries. Please wait a quarter of an hour, then enter a new code."))
            refusal.retry_after_s = TRIES_SECONDS
            raise refusal


def check_code(work: PlatformWork, safe: Safe, person: UUID, typed: str) -> Proof:
    """It is used up with this. Raises WrongCode."""
    code = plain_code(typed)
    if is_of_app(code):
        step = _step_of_app(work, safe, person, code)
        if step is not None and store.use_step(work, person, step):
            return "app"
    elif _is_recovery_code(work, person, code):
        return "recovery_code"
    raise WrongCode


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """The step of time whose code this is; None when it belongs to none around `now`."""
    this = int(now.timestamp()) // int(STEP.total_seconds())
    app = pyotp.TOTP(seed)
    # All of them, whichever fits: how long it takes says nothing.
    fitting = [this + by for by in TOLERATED if hmac.compare_digest(app.generate_otp(this + by), code)]
    return fitting[0] if fitting else None


def make_recovery_codes(work: PlatformWork, person: UUID) -> list[str]:
    """Shown once; those before are good for nothing any more."""
    codes, salt = new_recovery_codes(), secrets.token_bytes(16)
    hashes = [_hasher.hash(plain_code(code), salt=salt) for code in codes]
    store.set_recovery_codes(work, person, salt, hashes)
    return codes


def seed_of(person: UUID) -> str:
    """What the safe is told that it keeps."""
    return f"app of {person}"


def _step_of_app(work: PlatformWork, safe: Safe, person: UUID, code: str) -> int | None:
    locked = queries.locked_seed(work, person)
    if locked is None:
        return None
    try:
        return step_of(safe.unlock(locked, seed_of(person)).decode(), code, work.now)
    except WrongKey:
        # A recovery code is no seed: with one of them they get in, and set their app up anew.
        log.exception("the installation's key does not open the seed of an app")
        return None


def _is_recovery_code(work: PlatformWork, person: UUID, code: str) -> bool:
    kept = queries.recovery_salt(work, person)
    if kept is None:
        return False
    salt, one = kept
    # With the parameters of then, which may not be those of today.
    hashed = PasswordHasher.from_parameters(extract_parameters(one)).hash(code, salt=salt)
    return store.use_recovery_code(work, person, hashed)
