"""Sign in: who this is, that they know their password, and a session for the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import TooMany
from kernel.i18n import _
from kernel.networks import neighbourhood
from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.hash_password import hash_password, is_outdated, matches
from plugins.identity.actions.next_stage import next_stage
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.session import Stage, Token, WrongSignIn
from plugins.identity.forms import SignInForm
from plugins.identity.ports import Limits
from plugins.identity.queries import Login

#: Tries are counted by network address (SPEC ID7). Not by account: a stranger must not be able to lock somebody out.
TRIES_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody knocks, the session they still held, and the language they chose at the door, if any."""

    address: str
    device: str
    token: Token | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The new session's token, how far it reaches, whether it is for the platform, and in which language it begins."""

    token: Token
    stage: Stage
    to_platform: bool
    language: str | None = None


def sign_in(database: Database, limits: Limits, form: SignInForm, visitor: Visitor) -> Entered:
    """Raises TooMany, or WrongSignIn with one answer for a wrong password, an unknown address and a closed shop."""
    if not limits.allow(f"sign-in:{neighbourhood(visitor.address)}", most=limits.tries_a_minute, seconds=TRIES_SECONDS):
        raise TooMany(_("Too many tries. Please wait a minute and sign in again."))
    with database.for_platform("sign in", DOOR, read_only=True) as work:
        login = queries.login(work, form.email)
    # Outside a transaction: hashing takes longer than anything the database does.
    known = matches(form.password, login.password_hash if login else None)
    if login is None or not known or not login.may_enter or _is_over(login, database.clock.now()):
        tell.refused(database, login, form.email, visitor.device)
        raise WrongSignIn
    entered = _enter(database, login, form.password, visitor)
    if entered.stage in (Stage.IN, Stage.CHOOSE_PASSWORD):
        tell.entered(database, login, visitor.address, visitor.device)
    return entered


def _is_over(login: Login, now: datetime) -> bool:
    return login.start_until is not None and login.start_until <= now


def _enter(database: Database, login: Login, password: str, visitor: Visitor) -> Entered:
    renewed = hash_password(password) if is_outdated(login.password_hash) else None
    # What they were given to begin with opens one thing only: choosing a password of their own.
    begins = login.start_until is not None
    stage = Stage.CHOOSE_PASSWORD if begins else next_stage(database, login.person, login.tenant)
    token = Token.new()
    with database.for_platform("sign in", DOOR) as work:
        if renewed:
            store.renew_hash(work, login.person, renewed)
        if visitor.language:
            store.set_language(work, login.person, visitor.language)
        if visitor.token:
            store.end_session(work, visitor.token.hash)
        store.open_session(work, token, login.person, login.tenant, stage, visitor.address, visitor.device)
    return Entered(token, stage, login.tenant is None, visitor.language or login.language)
