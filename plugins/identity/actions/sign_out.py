"""Sign out: the session is gone, here and in every process."""

from __future__ import annotations

from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.recognise import forget
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.session import Token
from plugins.identity.ports import SessionCache


def sign_out(database: Database, cache: SessionCache, token: Token) -> None:
    with database.for_platform("sign out", DOOR) as work:
        session = queries.session(work, token.hash)
        store.end_session(work, token.hash)
    forget(cache, token)
    if session is not None:
        tell.left(database, session)
