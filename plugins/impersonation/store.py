"""Writing who acted as whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, insert, update

from kernel.ids import new_id
from kernel.uow import PlatformWork, UnitOfWork, refusing
from plugins.identity.public import Acting, User
from plugins.impersonation.domain import BegunElsewhere, Ending
from plugins.impersonation.tables import impersonations, visits

# On the platform


def add(work: PlatformWork, acting: Acting, tenant: UUID, user: User, because: str) -> None:
    row = insert(impersonations).values(
        id=new_id(),
        session_id=acting.session,
        admin_id=work.actor.id,
        admin=work.actor.name,
        tenant_id=tenant,
        person_id=user.id,
        person=user.name,
        because=because,
        begun_at=work.now,
        until=acting.until,
    )
    with refusing("impersonations_now_key", BegunElsewhere):
        work.execute(row)


def escalate(work: PlatformWork, session: UUID, because: str) -> None:
    open_one = (impersonations.c.session_id == session) & impersonations.c.ended_at.is_(None)
    work.execute(update(impersonations).where(open_one).values(escalated_at=work.now, escalated_because=because))


def end(work: PlatformWork, session: UUID, ending: Ending) -> None:
    open_one = (impersonations.c.session_id == session) & impersonations.c.ended_at.is_(None)
    work.execute(update(impersonations).where(open_one).values(ended_at=work.now, ending=ending.value))


def close(work: PlatformWork, ids: Sequence[UUID]) -> None:
    """They are over: by the clock, or because their session is gone."""
    if not ids:
        return
    ran_out = impersonations.c.until <= work.now
    ending = case((ran_out, Ending.RAN_OUT.value), else_=Ending.CUT_OFF.value)
    these = impersonations.c.id.in_(ids) & impersonations.c.ended_at.is_(None)
    ended_at = func.least(impersonations.c.until, work.now)
    work.execute(update(impersonations).where(these).values(ended_at=ended_at, ending=ending))


# In the shop


def note_visit(uow: UnitOfWork, user: UUID, name: str, because: str, until: datetime, *, may_change: bool) -> UUID:
    visit = new_id()
    what = {"because": because, "at": uow.now, "until": until, "may_change": may_change}
    uow.execute(insert(visits).values(id=visit, admin=uow.actor.name, user_id=user, person=name, **what))
    return visit


def see_visits(uow: UnitOfWork) -> None:
    uow.execute(update(visits).where(visits.c.seen_at.is_(None)).values(seen_at=uow.now))
