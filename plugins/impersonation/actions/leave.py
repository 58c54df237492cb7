"""An admin leaves the account they acted in, and comes back to their own."""

from __future__ import annotations

from kernel.access import SignedIn
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation import store
from plugins.impersonation.domain import Ending, NotActing


def leave(database: Database, uow: UnitOfWork, person: SignedIn) -> identity.Token | None:
    """Answers the token of the admin’s own session, renewed; None when that has ended meanwhile. Raises NotActing."""
    if person.impersonation is None:
        raise NotActing
    uow.record("impersonation.leave")
    with database.for_platform("leave somebody's account", uow.actor) as work:
        store.end(work, person.session, Ending.LEFT)
        return identity.come_back(work, person.session)
