"""Somebody has forgotten their password: a letter lets them choose another."""

from __future__ import annotations

import hashlib
from uuid import UUID

from kernel.errors import TooMany
from kernel.i18n import _, language
from kernel.networks import neighbourhood
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.choose_password import check_choice
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.domain.letter import About
from plugins.identity.domain.reset import GOOD_FOR, ResetIsOver
from plugins.identity.domain.session import Token, Visitor
from plugins.identity.forms import ForgotForm, ResetForm
from plugins.identity.ports import Limits

#: From one network address in a minute, and about one account in an hour.
ADDRESS_TRIES, ACCOUNT_TRIES = 5, 3


def ask_for_reset(database: Database, limits: Limits, form: ForgotForm, visitor: Visitor) -> None:
    """The same for an address that somebody has and for one that nobody has: who it is is looked up afterwards.

    Raises TooMany, for the network address alone; about an account too many letters are simply not written.
    """
    if not limits.allow(f"forgot:{neighbourhood(visitor.address)}", most=ADDRESS_TRIES, seconds=60):
        raise TooMany(_("Too many tries. Please wait a minute and ask again."))
    account = hashlib.sha256(form.email.lower().encode()).hexdigest()
    wanted = limits.allow(f"forgot-of:{account}", most=ACCOUNT_TRIES, seconds=60 * 60)
    tell.afterwards(_write, database, form.email, visitor.device, wanted)


def send_reset(work: PlatformWork, person: UUID, speaks: str | None = None) -> None:
    """A letter with which the person chooses a new password; nobody else ever sees or sets it.

    In the language of the person; where we do not know it, in `speaks`, or as whoever asks for it speaks.
    """
    store.put_letter(work, person, About.RESET, speaks or language())


def make_reset(work: PlatformWork, person: UUID) -> Token:
    """What stands in the letter; only its hash is kept. The letters before open nothing any more."""
    token = Token.new()
    store.drop_resets(work, person)
    store.add_reset(work, person, token, work.now + GOOD_FOR)
    return token


def check_reset(work: PlatformWork, secret: str) -> UUID:
    """Whose it is. Raises ResetIsOver."""
    person = queries.reset_of(work, Token(secret))
    if person is None:
        raise ResetIsOver
    return person


def reset_password(database: Database, form: ResetForm) -> None:
    """Every session of the person ends; what they have beside the password stays and is asked for as always.

    Raises ResetIsOver, WeakPassword.
    """
    with database.for_platform("whose letter it is", tell.DOOR, read_only=True) as work:
        email = queries.email_of(work, check_reset(work, form.token))
        login = queries.login(work, email)
        check_choice(form, [email, *(login.names if login else [])])
    hashed = hash_password(form.password)
    with database.for_platform("choose a password by letter", tell.DOOR) as work:
        person = store.use_reset(work, Token(form.token))
        if person is None:
            raise ResetIsOver  # of two at once, one
        store.set_password(work, person, hashed)
        store.drop_resets(work, person)
        store.end_sessions_of(work, person)
        store.put_letter(work, person, About.PASSWORD_CHANGED, language())
    if login is not None:
        tell.reset(database, login)


def _write(database: Database, email: str, device: str, wanted: bool) -> None:
    with database.for_platform("write a letter", tell.DOOR) as work:
        login = queries.login(work, email)
        known = login is not None and login.has_use_of_password
        if wanted and known and login is not None:
            send_reset(work, login.person)
    tell.asked_for_reset(database, login if known else None, email, device, "done" if wanted else "refused")
