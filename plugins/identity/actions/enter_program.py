"""A program signs in for a person: with their password and, where they have one, a code of their second factor.

What it gets is a session like any other, which stands in their list and ends with their others. No browser enters with
it: the secret of its token is thrown away, and its hash names it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from kernel.errors import RuleBroken
from kernel.i18n import _, language
from kernel.safe import Safe
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.check_code import check_code, count_try
from plugins.identity.actions.check_login import check_login
from plugins.identity.actions.next_stage import next_stage
from plugins.identity.actions.recognise import find
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.factor import WrongCode
from plugins.identity.domain.letter import About
from plugins.identity.domain.session import Session, Stage, Token, Visitor
from plugins.identity.ports import Limits, SessionCache
from plugins.identity.queries import Login


@dataclass(frozen=True, slots=True)
class ProgramSession:
    """A session of a program, and the hash that names it."""

    session: Session
    hash: bytes


class NoShop(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Programs work in a shop, and this person does not work in this one."))


class BrowserFirst(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Please sign in with a browser first: you are asked for something there."))


class NeedsCode(RuleBroken):
    """They have a second factor: the same again, with a `code`."""

    def __init__(self) -> None:
        super().__init__(_("Please send a code of your authenticator app as well."))


def enter_program(
    database: Database,
    limits: Limits,
    safe: Safe,
    email: str,
    password: str,
    code: str | None,
    tenant: UUID | None,
    visitor: Visitor,
) -> ProgramSession:
    """Raises what `check_login` does, NeedsCode, WrongCode, BrowserFirst, NoShop."""
    login = check_login(database, limits, email, password, visitor)
    login = _in_shop(login, tenant)
    proof = _proved(database, limits, safe, login, code, email, visitor.device)
    token = Token.new()
    with database.for_platform("sign a program in", DOOR) as work:
        store.open_session(work, token, login.person, login.tenant, Stage.PROGRAM, visitor.address, visitor.device)
        session = queries.session(work, token.hash)
    if session is None:  # let go, or the shop closed, in this moment
        raise NoShop
    tell.entered(database, login, visitor.address, visitor.device, proof)
    return ProgramSession(session, token.hash)


def find_program(database: Database, token_hash: bytes, cache: SessionCache) -> Session | None:
    """The session of a program, by its name; None when it has ended."""
    session = find(database, token_hash, cache)
    return session if session and session.stage is Stage.PROGRAM else None


def end_program(work: PlatformWork, token_hash: bytes, cache: SessionCache) -> None:
    store.end_session(work, token_hash)
    cache.forget(token_hash.hex())


def _in_shop(login: Login, wanted: UUID | None) -> Login:
    """The person as they are in the shop they want to work in, or in the one they have been in the longest."""
    here = tuple(shop for shop in login.memberships if wanted in (None, shop.tenant))
    if not here:
        raise NoShop
    return replace(login, admin_name=None, memberships=here[:1])


def _proved(
    database: Database, limits: Limits, safe: Safe, login: Login, code: str | None, email: str, device: str
) -> str:
    """What they showed beside their password; nothing where that is enough."""
    if login.start_until is not None:
        raise BrowserFirst
    stage = next_stage(database, login.person, login.tenant)
    if stage is Stage.IN:
        return ""
    if stage is not Stage.SECOND_FACTOR:
        raise BrowserFirst
    if code is None:
        raise NeedsCode
    count_try(limits, login.person)
    try:
        with database.for_platform("give a code", DOOR) as work:
            proof = check_code(work, safe, login.person, code)
            if proof == "recovery_code":
                store.put_letter(work, login.person, About.CODE_USED, language())
            return proof
    except WrongCode:
        tell.refused(database, login, email, device)
        raise
