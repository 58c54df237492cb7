"""Reading refresh tokens and keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from kernel.uow import PlatformWork, UnitOfWork
from plugins.programs.domain.key import Key
from plugins.programs.domain.passes import Family
from plugins.programs.tables import program_keys, refresh_tokens

_find_key = text("SELECT * FROM app.find_key(:hash)")


# The lock lasts as long as the transaction: of two that send the same at once, one is told to ask again.
_ANSWER = """
    SELECT pg_try_advisory_xact_lock(hashtextextended(%(lock)s::text, 0)) AS is_mine, k.said, k.status, k.body
    FROM (VALUES (1)) AS one LEFT JOIN shop.kept_answers AS k ON k.person = %(person)s::uuid AND k.key = %(key)s::text
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of a change with this key, and whether it is ours to make it."""

    is_mine: bool
    said: bytes | None
    status: int
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Given:
    """A refresh token that was given once."""

    family: Family
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Program:
    """A program that somebody signed in, by what it calls itself."""

    session: UUID
    name: str
    opened_at: datetime
    seen_at: datetime


def refresh_token(work: PlatformWork, token_hash: bytes) -> Given | None:
    c = refresh_tokens.c
    row = work.execute(select(refresh_tokens).where(c.token_hash == token_hash)).one_or_none()
    return Given(Family(row.session_hash, row.program), row.used_at) if row else None


def held_key(work: PlatformWork, key_hash: bytes) -> Row[Any] | None:
    """The key with this hash and its person's part in the shop, as long as it was not revoked and they work there."""
    return work.execute(_find_key, {"hash": key_hash}).one_or_none()


def answer(uow: UnitOfWork, key: str) -> Answered:
    """What the person at hand was answered to this key; while nothing was, this locks it."""
    lock = f"{uow.shop.id} {uow.actor.id} {key}"
    [row] = uow.ask(_ANSWER, {"lock": lock, "person": uow.actor.id, "key": key})
    return Answered(row.is_mine, row.said, row.status or 0, row.body)


def keys(uow: UnitOfWork, person: UUID | None) -> list[Key]:
    """Theirs, the newest first."""
    c = program_keys.c
    rows = uow.execute(select(program_keys).where(c.user_id == person).order_by(c.id.desc()))
    return [
        Key(row.id, row.name, row.start, tuple(row.scopes), row.made_at, row.expires_at, row.used_at, row.ended_at)
        for row in rows
    ]


def programs(uow: UnitOfWork, person: UUID) -> list[Program]:
    """What the person signed in to this shop, the one used last first."""
    opened = func.app.open_programs(person, uow.now).table_valued("session", "name", "opened_at", "seen_at")
    return [Program(row.session, row.name, row.opened_at, row.seen_at) for row in uow.execute(select(opened))]


def count_keys(uow: UnitOfWork, person: UUID | None) -> int:
    """Those of theirs that still open something."""
    c = program_keys.c
    lasting = (c.user_id == person) & c.ended_at.is_(None) & (c.expires_at > uow.now)
    count: int = uow.execute(select(func.count()).where(lasting)).scalar_one()
    return count
