"""Tell shops something, take it back, read it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.ids import new_id
from kernel.known import raise_version
from kernel.tenancy import Actor
from kernel.uow import PlatformWork, UnitOfWork
from plugins.announcements import queries, store
from plugins.announcements.domain import (
    Announcement,
    EndsBeforeItBegins,
    NoSuchAnnouncement,
    NoSuchShops,
    NotADraft,
    NotPublished,
    Targets,
    Template,
    Words,
)
from plugins.announcements.forms import AnnouncementForm, Moment


def draft(work: PlatformWork, form: AnnouncementForm) -> Announcement:
    """Nobody is told yet."""
    written = _written(work, form, new_id(), work.now, work.actor)
    store.save_draft(work, written)
    return written


def rewrite(work: PlatformWork, announcement: UUID, form: AnnouncementForm) -> Announcement:
    """Raises NotADraft: what people may have read is not changed behind their back."""
    before = queries.announcement(work, announcement)
    written = replace(_written(work, form, before.id, before.created_at, work.actor), created_by=before.created_by)
    if not store.save_draft(work, written):
        raise NotADraft
    return written


def publish(work: PlatformWork, announcement: UUID) -> Announcement:
    """Every process knows within two seconds; letters go out from when it begins."""
    queries.announcement(work, announcement).check_publishable(work.now)
    if not store.publish(work, announcement):
        raise NotADraft
    raise_version(work, queries.VERSION)
    return queries.announcement(work, announcement)


def withdraw(work: PlatformWork, announcement: UUID, because: str) -> None:
    """It is gone from all pages, and letters that have not left are not sent."""
    queries.announcement(work, announcement)
    if not store.withdraw(work, announcement, because):
        raise NotPublished
    raise_version(work, queries.VERSION)


def drop(work: PlatformWork, announcement: UUID) -> None:
    queries.announcement(work, announcement)
    if not store.drop_draft(work, announcement):
        raise NotADraft


def write_again(work: PlatformWork, announcement: UUID) -> Announcement:
    """The same as a new draft, without its time."""
    before = queries.announcement(work, announcement)
    again = replace(
        before,
        id=new_id(),
        begins_at=None,
        ends_at=None,
        created_at=work.now,
        created_by=work.actor.name,
        published_at=None,
        published_by=None,
        withdrawn_at=None,
        withdrawn_by=None,
        withdrawn_because=None,
    )
    store.save_draft(work, again)
    return again


def keep_as_template(work: PlatformWork, announcement: UUID, name: str) -> None:
    said = queries.announcement(work, announcement)
    store.add_template(work, Template(new_id(), name, said.severity, said.words))


def drop_template(work: PlatformWork, template: UUID) -> None:
    if not store.drop_template(work, template):
        raise NoSuchAnnouncement


def _written(work: PlatformWork, form: AnnouncementForm, id: UUID, at: datetime, by: Actor) -> Announcement:
    begins, ends = _moment(form.begins, form.zone), _moment(form.ends, form.zone)
    if begins is not None and ends is not None and ends <= begins:
        raise EndsBeforeItBegins
    return Announcement(
        id=id,
        severity=form.severity,
        words={"en": Words(form.title_en, form.text_en), "fa": Words(form.title_fa, form.text_fa)},
        begins_at=begins,
        ends_at=ends,
        zone=form.zone,
        targets=Targets(form.plans, form.markets, tuple(form.states), _shops(work, form.shops or "")),
        in_app=form.in_app,
        post=form.post,
        created_at=at,
        created_by=by.name,
        published_at=None,
        published_by=None,
        withdrawn_at=None,
        withdrawn_by=None,
        withdrawn_because=None,
    )


def _moment(typed: Moment | None, zone: str) -> datetime | None:
    return datetime.combine(typed.day, typed.time, ZoneInfo(zone)) if typed else None


def _shops(work: PlatformWork, typed: str) -> tuple[UUID, ...]:
    slugs = list(dict.fromkeys(re.split(r"[\s,،]+", typed.strip()))) if typed.strip() else []
    known = queries.shop_ids(work, slugs)
    if unknown := [slug for slug in slugs if slug not in known]:
        raise NoSuchShops(", ".join(unknown))
    return tuple(known[slug] for slug in slugs)


# In a shop


def see(uow: UnitOfWork) -> None:
    """The person has looked at everything that was told."""
    if not queries.is_persons(uow) or uow.actor.id is None:
        return
    told = queries.lately(uow)
    read = queries.reads(uow, told)
    store.note_seen(uow, uow.actor.id, [said.id for said in told if said.id not in read])


def acknowledge(uow: UnitOfWork, announcement: UUID) -> None:
    """The person says that they know. Saying it twice is saying it once. Raises NoSuchAnnouncement."""
    said = queries.told_here(uow, announcement)
    if not queries.is_persons(uow) or uow.actor.id is None:
        raise NoSuchAnnouncement
    if store.note_acknowledged(uow, uow.actor.id, said.id):
        uow.record("announcements.acknowledge", announcement=str(said.id), title=said.in_language("en").title)
