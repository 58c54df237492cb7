"""What has run out, or was cut off by a sign-out, a departure or a closed shop, gets its end written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.uow import PlatformWork
from plugins.identity import public as identity
from plugins.impersonation import queries, store


def close_what_is_over(work: PlatformWork, slot: datetime) -> None:
    """Every minute. The sessions ended by themselves; this is for the list and the trail."""
    unended = queries.unended(work)
    alive = identity.sessions_alive(work, [session for session, _until in unended.values()])
    store.close(work, [each for each, (session, _until) in unended.items() if session not in alive])


def close_those_of(work: PlatformWork, admin: UUID) -> None:
    """An admin is in one account at a time: what they began before, wherever that was, ends."""
    unended = queries.unended(work, admin=admin)
    identity.end_acting(work, [session for session, _until in unended.values()])
    store.close(work, list(unended))
