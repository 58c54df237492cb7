"""An admin acts in the account of a shop's user, and comes back to their own.

Meanwhile their own session waits without a token that would open it; whatever ends it ends the other one, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.tenancy import TenantId
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.domain.session import SignInAgain, Stage, Token, Visitor


@dataclass(frozen=True, slots=True)
class Acting:
    """A session in somebody's account: it can be looked with until then."""

    session: UUID
    token: Token
    until: datetime


def act_for(work: PlatformWork, tenant: TenantId, person: UUID, until: datetime, visitor: Visitor) -> Acting:
    """At most as long as the admin's own session lasts. Raises SignInAgain when that has ended meanwhile."""
    held = visitor.token
    own = queries.session(work, held.hash) if held else None
    if own is None or own.tenant is not None or own.stage is not Stage.IN or not own.lasts(work.now):
        raise SignInAgain
    # To a token that nobody holds. Of two who begin with the same session at once, one finds it changed.
    if not store.renew_token(work, own.id, held, Token.new()):
        raise SignInAgain
    token, until = Token.new(), min(until, own.expires_at)
    admin, from_where = own.person, (visitor.address, visitor.device)
    session = store.open_acting(work, token, own.id, admin, person, tenant, until, *from_where)
    return Acting(session, token, until)


def allow_changes(work: PlatformWork, session: UUID) -> bool:
    """Until now they only looked. Answers False where that was allowed already."""
    return store.allow_changes(work, session)


def come_back(work: PlatformWork, session: UUID) -> Token | None:
    """From somebody's account to their own: the token of the session that waited; None when that is gone."""
    own = store.end_acting(work, session)
    token = Token.new()
    return token if own is not None and store.renew_token(work, own, None, token) else None


def end_acting(work: PlatformWork, sessions: Iterable[UUID]) -> None:
    """Those and the sessions that waited for them: nobody holds their tokens."""
    for session in sessions:
        own = store.end_acting(work, session)
        if own is not None:
            store.end_session_of_id(work, own)
