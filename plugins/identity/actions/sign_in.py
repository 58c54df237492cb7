"""Sign in: who this is, that they know their password, and a session for the browser."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.uow import Database
from plugins.identity import store
from plugins.identity.actions import tell
from plugins.identity.actions.check_login import check_login
from plugins.identity.actions.hash_password import hash_password, is_outdated
from plugins.identity.actions.next_stage import next_stage
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.session import Stage, Token, Visitor
from plugins.identity.forms import SignInForm
from plugins.identity.ports import Limits
from plugins.identity.queries import Login


@dataclass(frozen=True, slots=True)
class Entered:
    """The new session's token, how far it reaches, whether it is for the platform, and in which language it begins."""

    token: Token
    stage: Stage
    to_platform: bool
    language: str | None = None


def sign_in(database: Database, limits: Limits, form: SignInForm, visitor: Visitor) -> Entered:
    """Raises TooMany, WrongSignIn, ShopIsOver, ByProviderAlone."""
    login = check_login(database, limits, form.email, form.password, visitor)
    entered = _enter(database, login, form.password, visitor)
    if entered.stage in (Stage.IN, Stage.CHOOSE_PASSWORD):
        tell.entered(database, login, visitor.address, visitor.device)
    return entered


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
