"""Sign out: the session is gone, here and in every process."""

from __future__ import annotations

from kernel.uow import Database
from plugins.identity import store
from plugins.identity.actions.recognise import forget
from plugins.identity.actions.sign_in import DOOR
from plugins.identity.domain.session import Token
from plugins.identity.ports import SessionCache


def sign_out(database: Database, cache: SessionCache, token: Token) -> None:
    with database.for_platform("sign out", DOOR) as work:
        store.end_session(work, token.hash)
    forget(cache, token)
