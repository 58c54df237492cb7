"""Reading who acted as whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select

from kernel.errors import NotFound
from kernel.tables import tenants
from kernel.uow import PlatformWork, UnitOfWork
from plugins.impersonation.domain import Ending, Impersonation, Visit
from plugins.impersonation.tables import impersonations, visits

_i = impersonations.c


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[Impersonation]
    total: int


def newest(work: PlatformWork, text: str, state: str, *, offset: int, limit: int) -> Found:
    """`state` is `open`, `over` or empty, which is both."""
    joined = impersonations.join(tenants, tenants.c.id == _i.tenant_id)
    conditions = _conditions(work.now, text, state)
    shown = [_i[name] for name in Impersonation.__slots__ if name in _i and name != "tenant"]
    wanted = select(*shown, _i.tenant_id.label("tenant"), tenants.c.name.label("shop")).select_from(joined)
    rows = work.execute(wanted.where(*conditions).order_by(_i.begun_at.desc(), _i.id).offset(offset).limit(limit))
    total = work.execute(select(func.count()).select_from(joined).where(*conditions)).scalar_one()
    return Found([_impersonation(row) for row in rows], total)


def unended(work: PlatformWork, *, admin: UUID | None = None) -> dict[UUID, tuple[UUID, datetime]]:
    """What has no end yet: its session, and until when it was meant to last."""
    wanted = select(_i.id, _i.session_id, _i.until).where(_i.ended_at.is_(None))
    if admin is not None:
        wanted = wanted.where(_i.admin_id == admin)
    return {row.id: (row.session_id, row.until) for row in work.execute(wanted.with_for_update())}


def visit(uow: UnitOfWork, visit: UUID) -> Visit:
    """Raises NotFound."""
    row = uow.execute(select(visits).where(visits.c.id == visit)).one_or_none()
    if row is None:
        raise NotFound
    return _visit(row)


def reason(uow: UnitOfWork) -> str | None:
    """Why the admin at hand is in this account."""
    theirs = (visits.c.user_id == uow.actor.subject_id, visits.c.admin == uow.actor.name)
    said: str | None = uow.execute(
        select(visits.c.because).where(*theirs).order_by(visits.c.at.desc(), visits.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return said


def newest_visits(uow: UnitOfWork, since: datetime, *, limit: int) -> list[Visit]:
    wanted = select(visits).where(visits.c.at >= since).order_by(visits.c.at.desc()).limit(limit)
    return [_visit(row) for row in uow.execute(wanted)]


#: How many visits nobody of the shop has looked at.
UNSEEN_VISITS = "SELECT count(*) FROM shop.visits WHERE seen_at IS NULL"


def _conditions(now: datetime, text: str, state: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text:
        names = (_i.admin, _i.person, tenants.c.name, tenants.c.slug)
        conditions.append(or_(*(name.icontains(text, autoescape=True) for name in names)))
    # Between its last minute and the clock that closes it, it is over all the same.
    is_open = _i.ended_at.is_(None) & (_i.until > now)
    if state in ("open", "over"):
        conditions.append(is_open if state == "open" else ~is_open)
    return conditions


def _impersonation(row: Row[Any]) -> Impersonation:
    return Impersonation(**{**row._mapping, "ending": Ending(row.ending) if row.ending else None})


def _visit(row: Row[Any]) -> Visit:
    return Visit(row.id, row.admin, row.person, row.because, row.at, row.until, row.may_change, row.seen_at is None)
