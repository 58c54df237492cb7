"""Writing announcements on the platform; in a shop who has read them, its letters, and the sums of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.uow import PlatformWork, UnitOfWork
from plugins.announcements.domain import Announcement, Template
from plugins.announcements.tables import announcements, figures, letters, reads, templates

# On the platform


def _words(said: Announcement | Template) -> dict[str, Any]:
    titles = {f"title_{code}": words.title for code, words in said.words.items()}
    texts = {f"text_{code}": words.text for code, words in said.words.items()}
    return {"severity": said.severity.value, **titles, **texts}


def save_draft(work: PlatformWork, draft: Announcement) -> bool:
    """Answers False when it is none (any more)."""
    content = {
        **_words(draft),
        "begins_at": draft.begins_at,
        "ends_at": draft.ends_at,
        "zone": draft.zone,
        "plans": list(draft.targets.plans),
        "markets": list(draft.targets.markets),
        "states": list(draft.targets.states),
        "shops": list(draft.targets.shops),
        "in_app": draft.in_app,
        "post": draft.post.value,
    }
    row = upsert(announcements).values(id=draft.id, created_at=draft.created_at, created_by=draft.created_by, **content)
    saved = row.on_conflict_do_update(
        index_elements=["id"], set_=content, where=announcements.c.published_at.is_(None)
    ).returning(announcements.c.id)
    return work.execute(saved).first() is not None


def publish(work: PlatformWork, announcement: UUID) -> bool:
    """Answers False when somebody else has done so."""
    a = announcements.c
    draft = (a.id == announcement) & a.published_at.is_(None)
    # What should have begun already begins now: nobody was told before.
    begins = func.greatest(func.coalesce(a.begins_at, work.now), work.now)
    values = {"published_at": work.now, "published_by": work.actor.name, "begins_at": begins}
    return work.execute(update(announcements).where(draft).values(values)).rowcount == 1


def withdraw(work: PlatformWork, announcement: UUID, because: str) -> bool:
    """Answers False when it is not published, or somebody else has withdrawn it."""
    a = announcements.c
    out = (a.id == announcement) & a.published_at.is_not(None) & a.withdrawn_at.is_(None)
    values = {"withdrawn_at": work.now, "withdrawn_by": work.actor.name, "withdrawn_because": because}
    return work.execute(update(announcements).where(out).values(values)).rowcount == 1


def drop_draft(work: PlatformWork, announcement: UUID) -> bool:
    a = announcements.c
    return work.execute(delete(announcements).where(a.id == announcement, a.published_at.is_(None))).rowcount == 1


def add_template(work: PlatformWork, template: Template) -> None:
    made = {"made_at": work.now, "made_by": work.actor.name}
    work.execute(insert(templates).values(id=template.id, name=template.name, **_words(template), **made))


def drop_template(work: PlatformWork, template: UUID) -> bool:
    return work.execute(delete(templates).where(templates.c.id == template)).rowcount == 1


# In a shop


def note_seen(uow: UnitOfWork, person: UUID, these: Sequence[UUID]) -> None:
    rows = [{"announcement_id": one, "person_id": person, "seen_at": uow.now} for one in sorted(these)]
    if rows:
        uow.execute(upsert(reads).values(rows).on_conflict_do_nothing())
        sum_up(uow, *these)


def note_acknowledged(uow: UnitOfWork, person: UUID, announcement: UUID) -> bool:
    """Answers False when they had said so before."""
    row = {"announcement_id": announcement, "person_id": person, "seen_at": uow.now, "acknowledged_at": uow.now}
    first = (
        upsert(reads)
        .values(row)
        .on_conflict_do_update(
            index_elements=["tenant_id", "announcement_id", "person_id"],
            set_={"acknowledged_at": uow.now},
            where=reads.c.acknowledged_at.is_(None),
        )
    )
    noted = uow.execute(first.returning(reads.c.person_id)).first() is not None
    sum_up(uow, announcement)
    return noted


def add_letters(uow: UnitOfWork, announcement: UUID, people: Iterable[UUID]) -> None:
    rows = [{"announcement_id": announcement, "person_id": one, "state": "waiting", "at": uow.now} for one in people]
    if rows:
        uow.execute(upsert(letters).values(rows).on_conflict_do_nothing())
    sum_up(uow, announcement)


def letter_state(uow: UnitOfWork, announcement: UUID, person: UUID) -> str | None:
    """Locked until commit."""
    c = letters.c
    this = select(c.state).where(c.announcement_id == announcement, c.person_id == person)
    return uow.execute(this.with_for_update()).scalar_one_or_none()


def mark_letter(uow: UnitOfWork, announcement: UUID, person: UUID, state: str) -> None:
    c = letters.c
    this = update(letters).where(c.announcement_id == announcement, c.person_id == person)
    uow.execute(this.values(state=state, at=uow.now))
    sum_up(uow, announcement)


def note_posted(uow: UnitOfWork, announcement: UUID) -> None:
    row = upsert(figures).values(announcement_id=announcement, posted_at=uow.now)
    uow.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "announcement_id"],
            set_={"posted_at": func.coalesce(figures.c.posted_at, uow.now)},
        )
    )


#: Counted anew each time: whoever comes twice finds the same sums.
SUM_UP = """
    INSERT INTO platform.announcement_figures (tenant_id, announcement_id, seen, acknowledged, letters, sent, failed)
    SELECT app.tenant(), a.id, r.seen, r.acknowledged, l.letters, l.sent, l.failed
    FROM unnest(%(these)s::uuid[]) AS a (id),
        LATERAL (SELECT count(*) AS seen, count(acknowledged_at) AS acknowledged
            FROM shop.announcement_reads WHERE announcement_id = a.id) AS r,
        LATERAL (SELECT count(*) FILTER (WHERE state <> 'dropped') AS letters,
                count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'failed') AS failed
            FROM shop.announcement_letters WHERE announcement_id = a.id) AS l
    ON CONFLICT (tenant_id, announcement_id) DO UPDATE SET seen = excluded.seen,
        acknowledged = excluded.acknowledged, letters = excluded.letters, sent = excluded.sent,
        failed = excluded.failed
"""


def sum_up(uow: UnitOfWork, *these: UUID) -> None:
    # Of two who count at once, each would leave out what the other has just written.
    uow.ask("SELECT pg_advisory_xact_lock(hashtextextended('announcements ' || app.tenant(), 0))")
    uow.ask(SUM_UP, {"these": list(these)})
