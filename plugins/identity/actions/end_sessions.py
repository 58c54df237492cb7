"""Sessions are ended: one's own, one by one or many at once; or, by an owner, those that somebody has in the shop."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.session import Session, SignInAgain, Stage, Token
from plugins.identity.ports import SessionCache


def end_one(database: Database, cache: SessionCache, token: Token, session: UUID) -> bool:
    """Answers whether it was the one at hand. Raises NotFound for what is none of the person's own."""
    with database.for_platform("end a session", tell.DOOR) as work:
        mine = _mine(work, token)
        ended = store.end_sessions(work, mine, only=session)
    if not ended:
        raise NotFound(_("This session has ended already."))
    _tell(database, cache, mine, ended)
    return session == mine.id


def end_others(database: Database, cache: SessionCache, token: Token) -> int:
    """All but the one at hand; answers how many."""
    with database.for_platform("end all other sessions", tell.DOOR) as work:
        mine = _mine(work, token)
        ended = store.end_sessions(work, mine, but=mine.id)
    _tell(database, cache, mine, ended)
    return len(ended)


def end_all(database: Database, cache: SessionCache, token: Token) -> None:
    """The one at hand, too."""
    with database.for_platform("end all sessions", tell.DOOR) as work:
        mine = _mine(work, token)
        ended = store.end_sessions(work, mine)
    _tell(database, cache, mine, ended)


def end_theirs_here(uow: UnitOfWork, user_id: UUID) -> None:
    """What one of the shop's people has open in this shop. Raises MoreThanYouMay."""
    user = queries.user(uow, user_id)
    stay_within_role(uow, user.role)
    store.end_sessions_here(uow, user.id)
    uow.record("identity.end_sessions_of_user", person=user.name)


def _mine(work: PlatformWork, token: Token) -> Session:
    """An admin who acts in somebody's account decides nothing about that person's sessions."""
    session = queries.session(work, token.hash)
    if session is None or session.stage is not Stage.IN or session.impersonator is not None:
        raise SignInAgain
    return session


def _tell(database: Database, cache: SessionCache, mine: Session, ended: Iterable[bytes]) -> None:
    """This process forgets them at once, every other within a second."""
    for token_hash in ended:
        cache.forget(token_hash.hex())
    tell.did(database, mine, tell.END_SESSIONS)
