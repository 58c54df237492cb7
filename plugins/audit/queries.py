"""Reading a trail: a shop's own, or the platform's. Row-level security keeps shops apart; the platform sees none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, func, or_, select

from kernel import tables
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import Executes
from plugins.audit.domain.words import actor_words
from plugins.audit.tables import audit_checks, platform_audit_checks


@dataclass(frozen=True, slots=True)
class Trail:
    """One chain of entries, with the rows that each changed, and what its checks found."""

    scope: Literal["shop", "platform"]
    entries: Table
    changes: Table
    checks: Table


SHOP = Trail("shop", tables.audit_entries, tables.audit_changes, audit_checks)
PLATFORM = Trail("platform", tables.platform_audit_entries, tables.platform_audit_changes, platform_audit_checks)

#: Rows of one entry that are shown; all of them are in the file.
MOST_CHANGES = 200
#: What may be asked for as an outcome, beside those an entry has.
SUSPICIOUS = "suspicious"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty is anything. `before` is the number of the entry that the page before ended with."""

    text: str = ""
    person: UUID | None = None
    actions: Sequence[str] = ()
    outcome: str = ""
    about: str = ""
    row: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """So many rows of a table were made, changed or deleted."""

    about: str
    kind: str
    rows: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened in one transaction."""

    id: UUID
    number: int
    at: datetime
    action: str
    outcome: str
    actor_kind: str
    actor: str
    subject: str | None
    address: str | None
    request: str | None
    details: Mapping[str, Any]
    actor_id: UUID | None = None

    @property
    def who(self) -> str:
        """The house goes on with what an admin began for somebody: that has a name, and what it does by itself none."""
        return actor_words(self.actor_kind, self.actor, for_somebody=bool(self.actor_id and self.subject))

    @property
    def signs(self) -> tuple[str, ...]:
        """Why this sign-in looks suspicious."""
        return tuple(self.details.get("signs", ()))


@dataclass(frozen=True, slots=True)
class Change:
    """One row, before and after. Both are empty where a document is its own record."""

    about: str
    row: str
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """When the trail was last looked through, the first entry that does not hold, and how many changes have none."""

    at: datetime
    broken: int | None
    unsealed: int
    seen: bool

    @property
    def is_whole(self) -> bool:
        return self.broken is None and not self.unsealed

    @property
    def alarms(self) -> bool:
        return not self.is_whole and not self.seen


def newest(work: Executes, trail: Trail, wanted: Wanted, *, limit: int) -> list[Entry]:
    """By number, the newest first."""
    found = select(*_shown(trail)).where(*_asked(trail, wanted)).order_by(trail.entries.c.number.desc()).limit(limit)
    return [_entry(row) for row in work.execute(found)]


def touched(work: Executes, trail: Trail, entries: Iterable[Entry]) -> dict[UUID, list[Touched]]:
    """What each of the entries changed, in sum. One statement for all of them."""
    c = trail.changes.c
    ids = [entry.id for entry in entries]
    counted = select(c.entry_id, c.about, c.kind, func.count().label("rows")).where(c.entry_id.in_(ids))
    found: dict[UUID, list[Touched]] = {}
    for row in work.execute(counted.group_by(c.entry_id, c.about, c.kind).order_by(c.about, c.kind)):
        found.setdefault(row.entry_id, []).append(Touched(row.about, row.kind, row.rows))
    return found


def entry(work: Executes, trail: Trail, number: int) -> Entry:
    """Raises NotFound."""
    row = work.execute(select(*_shown(trail)).where(trail.entries.c.number == number)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such entry."))
    return _entry(row)


def changes(work: Executes, trail: Trail, entry: Entry, *, limit: int) -> list[Change]:
    c = trail.changes.c
    found = select(c.about, c.row_key, c.kind, c.before, c.after).where(c.entry_id == entry.id)
    return [_change(row) for row in work.execute(found.order_by(c.id).limit(limit))]


def with_changes(work: Executes, trail: Trail, wanted: Wanted, *, limit: int) -> Iterator[tuple[Entry, Change | None]]:
    """Each entry as often as it changed rows, or once: for a file."""
    e, c = trail.entries.c, trail.changes.c
    columns = [*_shown(trail), c.about, c.row_key, c.kind, c.before, c.after]
    both: Select[Any] = select(*columns).select_from(trail.entries.outerjoin(trail.changes, c.entry_id == e.id))
    for row in work.execute(both.where(*_asked(trail, wanted)).order_by(e.number.desc(), c.id).limit(limit)):
        yield _entry(row), _change(row) if row.about is not None else None


def last_check(work: Executes, trail: Trail) -> Check | None:
    c = trail.checks.c
    shown = select(c.checked_at, c.broken, c.unsealed, c.seen_at)
    row = work.execute(shown.order_by(c.checked_at.desc(), c.id.desc()).limit(1)).one_or_none()
    return Check(row.checked_at, row.broken, row.unsealed, row.seen_at is not None) if row else None


def unsealed(work: Executes, trail: Trail, *, limit: int) -> list[Change]:
    """Changes that belong to no entry, the newest first."""
    e, c = trail.entries.c, trail.changes.c
    found = select(c.about, c.row_key, c.kind, c.before, c.after)
    found = found.where(~select(e.id).where(e.id == c.entry_id).exists())
    return [_change(row) for row in work.execute(found.order_by(c.id.desc()).limit(limit))]


def _shown(trail: Trail) -> list[ColumnElement[Any]]:
    e = trail.entries.c
    return [
        e.id, e.number, e.at, e.action, e.outcome, e.actor_kind, e.actor, e.subject, e.address, e.request, e.details,
        e.actor_id,
    ]  # fmt: skip


def _asked(trail: Trail, wanted: Wanted) -> list[ColumnElement[bool]]:
    e, c = trail.entries.c, trail.changes.c
    asked: list[ColumnElement[bool]] = []
    if wanted.text:
        known = [e.actor, e.subject]
        said = [column.icontains(wanted.text, autoescape=True) for column in known]
        asked.append(or_(*said, e.address == wanted.text, e.request == wanted.text, *_numbered(e.number, wanted.text)))
    if wanted.person:
        asked.append(or_(e.actor_id == wanted.person, e.subject_id == wanted.person))
    if wanted.actions:
        asked.append(e.action.in_(wanted.actions))
    if wanted.outcome == SUSPICIOUS:
        asked.append(e.details.has_key("signs"))
    elif wanted.outcome:
        asked.append(e.outcome == wanted.outcome)
    if wanted.about or wanted.row:
        rows = select(c.entry_id)
        rows = rows.where(c.about == wanted.about) if wanted.about else rows
        asked.append(e.id.in_(rows.where(c.row_key == wanted.row) if wanted.row else rows))
    if wanted.since:
        asked.append(e.at >= wanted.since)
    if wanted.until:
        asked.append(e.at < wanted.until)
    if wanted.before is not None:
        asked.append(e.number < wanted.before)
    return asked


def _numbered(number: ColumnElement[int], text: str) -> list[ColumnElement[bool]]:
    return [number == int(text)] if text.isascii() and text.isdigit() and len(text) < 16 else []


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id, row.number, row.at, row.action, row.outcome, row.actor_kind, row.actor, row.subject, row.address,
        row.request, row.details or {}, row.actor_id,
    )  # fmt: skip


def _change(row: Row[Any]) -> Change:
    return Change(row.about, row.row_key, row.kind, row.before or {}, row.after or {})
