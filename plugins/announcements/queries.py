"""Reading announcements: all of them for the platform; for a shop what concerns it, and no word of whom else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from kernel.tables import tenants
from kernel.tenancy import ActorKind, ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.announcements.domain import (
    LANGUAGES,
    Announcement,
    NoSuchAnnouncement,
    Post,
    Reach,
    Read,
    Said,
    Severity,
    Stage,
    Targets,
    Template,
    Words,
)
from plugins.announcements.tables import announcements, figures, templates

VERSION = "announcements"
#: So long a shop finds what it was told.
LATELY = timedelta(days=90)
#: Shops whose figures the page of an announcement names.
MOST_SHOPS = 50

_reached = [s.value for s in ShopState if s.allows.sign_in]


# In a shop


def here(uow: UnitOfWork) -> tuple[Said, ...]:
    """What concerns this shop, also what begins later; the newest first.

    Asked once for each version of the shop and of all announcements; every other page has it from memory.
    """
    version = uow.plugins.known.versions.get(VERSION)
    if version is None:
        return ()  # nothing has ever been published
    return uow.keep(f"{VERSION} {version}", lambda: tuple(asked_here(uow)))


def asked_here(uow: UnitOfWork) -> list[Said]:
    """The same, from the database."""
    rows = uow.ask("SELECT * FROM app.announcements_here(%(since)s)", {"since": uow.now - LATELY})
    return [_said(row) for row in rows]


def live(uow: UnitOfWork) -> list[Said]:
    """What is shown on this shop's pages now."""
    return [said for said in here(uow) if said.in_app and said.is_live(uow.now)]


def lately(uow: UnitOfWork) -> list[Said]:
    """What was told up to now, also by letter alone."""
    return [said for said in here(uow) if said.begins_at <= uow.now]


def told_here(uow: UnitOfWork, announcement: UUID) -> Said:
    """Raises NoSuchAnnouncement also where it concerns others only, has been withdrawn or has not begun."""
    found = next((said for said in lately(uow) if said.id == announcement), None)
    if found is None:
        raise NoSuchAnnouncement
    return found


READS = """
    SELECT announcement_id, acknowledged_at IS NOT NULL AS acknowledged FROM shop.announcement_reads
    WHERE person_id = %(person)s AND announcement_id = ANY (%(these)s)
"""


def unread(uow: UnitOfWork) -> tuple[list[Said], list[Said]]:
    """Of what is shown now: what the person at hand has not seen, and what is critical and not acknowledged.

    One statement for a whole page, and none where nothing is told or all of it is settled.
    """
    return uow.once("announcements.unread", lambda: _unread(uow))


def _unread(uow: UnitOfWork) -> tuple[list[Said], list[Said]]:
    told = live(uow)
    read = reads(uow, told)
    critical = [said for said in told if said.severity is Severity.CRITICAL]
    return (
        [said for said in told if said.id not in read] if is_persons(uow) else [],
        [said for said in critical if not read.get(said.id, Read()).acknowledged],
    )


def reads(uow: UnitOfWork, told: Sequence[Said]) -> dict[UUID, Read]:
    """What the person at hand did with these. What this process knows to be settled is not asked again: nobody
    unreads anything."""
    person = uow.actor.id
    if not is_persons(uow):
        return {}
    settled: dict[tuple[UUID | None, UUID], Read] = uow.keep("announcements.settled", dict)
    found = {said.id: settled[person, said.id] for said in told if (person, said.id) in settled}
    asked = {said.id: said for said in told if said.id not in found}
    if asked:
        for row in uow.ask(READS, {"person": person, "these": list(asked)}):
            found[row.announcement_id] = read = Read(seen=True, acknowledged=row.acknowledged)
            if row.acknowledged or asked[row.announcement_id].severity is not Severity.CRITICAL:
                settled[person, row.announcement_id] = read
    return found


def is_persons(uow: UnitOfWork) -> bool:
    """Is it somebody of the shop who looks? An admin in their account reads nothing in their place."""
    return uow.actor.kind is ActorKind.PERSON and uow.actor.id is not None


# On the platform


def announcement(work: PlatformWork, announcement: UUID) -> Announcement:
    """Raises NoSuchAnnouncement."""
    row = work.execute(select(announcements).where(announcements.c.id == announcement)).one_or_none()
    if row is None:
        raise NoSuchAnnouncement
    return _announcement(row)


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[Announcement]
    total: int


def newest(work: PlatformWork, stage: str, *, offset: int, limit: int) -> Found:
    """The newest first; `stage` narrows."""
    asked = _in_stage(work, stage)
    rows = select(announcements).where(*asked).order_by(announcements.c.created_at.desc(), announcements.c.id.desc())
    total = work.execute(select(func.count()).select_from(announcements).where(*asked)).scalar_one()
    return Found([_announcement(row) for row in work.execute(rows.offset(offset).limit(limit))], total)


def reach(work: PlatformWork, these: Sequence[Announcement]) -> dict[UUID, Reach]:
    """How far each came, and how many shops it concerns now."""
    concerned = select(announcements.c.id, func.count(tenants.c.id).label("shops"))
    counted = concerned.select_from(announcements.outerjoin(tenants, _concerned())).group_by(announcements.c.id)
    rows = work.execute(counted.where(announcements.c.id.in_([one.id for one in these])))
    found = {row.id: Reach(concerned=row.shops) for row in rows}
    f = figures.c
    sums = [func.sum(column).label(column.name) for column in (f.seen, f.acknowledged, f.letters, f.sent, f.failed)]
    summed = select(f.announcement_id, func.count().filter(f.seen > 0).label("shops_seen"), *sums)
    for row in work.execute(summed.where(f.announcement_id.in_(list(found))).group_by(f.announcement_id)):
        values = {name: int(value) for name, value in row._mapping.items() if name != "announcement_id"}
        found[row.announcement_id] = replace(found[row.announcement_id], **values)
    return found


def by_shop(work: PlatformWork, announcement: UUID) -> list[tuple[UUID, str, Reach]]:
    """Shops in which something happened to it: those first in which letters failed."""
    f = figures.c
    both = figures.join(tenants, tenants.c.id == f.tenant_id)
    found = select(tenants.c.id, tenants.c.name, f.seen, f.acknowledged, f.letters, f.sent, f.failed).select_from(both)
    order = (f.failed.desc(), f.acknowledged.desc(), tenants.c.name)
    rows = work.execute(found.where(f.announcement_id == announcement).order_by(*order).limit(MOST_SHOPS))
    return [
        (row.id, row.name, Reach(1, int(row.seen > 0), row.seen, row.acknowledged, row.letters, row.sent, row.failed))
        for row in rows
    ]


def waiting_for_post(work: PlatformWork, announcement: UUID, *, limit: int) -> list[UUID]:
    """Shops that have not been given their letters yet. Who comes after it began finds it on their pages."""
    f = figures.c
    posted = select(f.tenant_id).where(f.announcement_id == announcement, f.posted_at.is_not(None))
    shops = select(tenants.c.id).join(announcements, _concerned()).where(announcements.c.id == announcement)
    there = tenants.c.created_at <= announcements.c.begins_at
    waiting = shops.where(there, tenants.c.id.not_in(posted)).order_by(tenants.c.id)
    return list(work.execute(waiting.limit(limit)).scalars())


def with_post(work: PlatformWork) -> list[Announcement]:
    """What is live and goes out by letter, too."""
    by_letter = announcements.c.post != Post.NOBODY.value
    rows = work.execute(select(announcements).where(by_letter, *_in_stage(work, Stage.LIVE)))
    return [_announcement(row) for row in rows]


def shop_ids(work: PlatformWork, slugs: Sequence[str]) -> dict[str, UUID]:
    rows = work.execute(select(tenants.c.slug, tenants.c.id).where(tenants.c.slug.in_(slugs)))
    return {row.slug: row.id for row in rows}


def shop_slugs(work: PlatformWork, shops: Sequence[UUID]) -> list[str]:
    return list(work.execute(select(tenants.c.slug).where(tenants.c.id.in_(shops)).order_by(tenants.c.slug)).scalars())


def all_templates(work: PlatformWork) -> list[Template]:
    return [_template(row) for row in work.execute(select(templates).order_by(func.lower(templates.c.name)))]


def template(work: PlatformWork, template: UUID) -> Template:
    """Raises NoSuchAnnouncement."""
    row = work.execute(select(templates).where(templates.c.id == template)).one_or_none()
    if row is None:
        raise NoSuchAnnouncement
    return _template(row)


def _concerned() -> ColumnElement[bool]:
    """Shops that an announcement concerns, and whose people can sign in."""
    a, t = announcements.c, tenants.c
    meant = func.app.announcement_concerns(a.plans, a.markets, a.states, a.shops, t.plan, t.market, t.state, t.id)
    return meant & t.state.in_(_reached)


def _in_stage(work: PlatformWork, stage: str) -> list[ColumnElement[bool]]:
    c, now = announcements.c, work.now
    published = [c.published_at.is_not(None), c.withdrawn_at.is_(None)]
    over = c.ends_at <= now
    stages: dict[str, list[ColumnElement[bool]]] = {
        Stage.DRAFT: [c.published_at.is_(None)],
        Stage.SCHEDULED: [*published, c.begins_at > now],
        Stage.LIVE: [*published, c.begins_at <= now, func.coalesce(over, False).is_(False)],
        Stage.ENDED: [*published, c.begins_at <= now, over],
        Stage.WITHDRAWN: [c.withdrawn_at.is_not(None)],
    }
    return stages.get(stage, [])


def _words(row: Any) -> dict[str, Words]:
    return {code: Words(getattr(row, f"title_{code}"), getattr(row, f"text_{code}")) for code in LANGUAGES}


def _said(row: Any) -> Said:
    return Said(
        row.id, Severity(row.severity), _words(row), row.begins_at, row.ends_at, row.in_app, Post(row.post)
    )  # fmt: skip


def _template(row: Row[Any]) -> Template:
    return Template(row.id, row.name, Severity(row.severity), _words(row))


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(
        id=row.id,
        severity=Severity(row.severity),
        words=_words(row),
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        zone=row.zone,
        targets=Targets(tuple(row.plans), tuple(row.markets), tuple(row.states), tuple(row.shops)),
        in_app=row.in_app,
        post=Post(row.post),
        created_at=row.created_at,
        created_by=row.created_by,
        published_at=row.published_at,
        published_by=row.published_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_because=row.withdrawn_because,
    )
