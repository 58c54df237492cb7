"""Writing refresh tokens and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from kernel.ids import new_id
from kernel.uow import PlatformWork, UnitOfWork
from plugins.programs.domain.passes import Family
from plugins.programs.tables import kept_answers, program_keys, refresh_tokens


def give_refresh_token(work: PlatformWork, token_hash: bytes, family: Family) -> None:
    row = {"token_hash": token_hash, "session_hash": family.session, "program": family.program, "given_at": work.now}
    work.execute(insert(refresh_tokens).values(**row))


def use_refresh_token(work: PlatformWork, token_hash: bytes) -> Family | None:
    """It is used up; answers the sign-in it comes from. None when it was used before: of two at once one gets it."""
    c = refresh_tokens.c
    unused = (c.token_hash == token_hash) & c.used_at.is_(None)
    used = update(refresh_tokens).where(unused).values(used_at=work.now).returning(c.session_hash, c.program)
    row = work.execute(used).one_or_none()
    return Family(row.session_hash, row.program) if row else None


def keep_answer(uow: UnitOfWork, key: str, said: bytes, status: int, body: bytes | None) -> None:
    row = {"person": uow.actor.id, "key": key, "said": said, "status": status, "body": body, "at": uow.now}
    uow.execute(insert(kept_answers).values(**row))


def sweep_answers(uow: UnitOfWork, before: datetime) -> None:
    uow.execute(delete(kept_answers).where(kept_answers.c.at < before))


def add_key(
    uow: UnitOfWork, name: str, start: str, key_hash: bytes, scopes: Sequence[str], expires_at: datetime
) -> UUID:
    id = new_id()
    row = {"name": name, "start": start, "key_hash": key_hash, "scopes": list(scopes), "made_at": uow.now}
    uow.execute(insert(program_keys).values(id=id, user_id=uow.actor.id, expires_at=expires_at, **row))
    return id


def end_key(uow: UnitOfWork, key: UUID, person: UUID | None) -> bool:
    """False when the person has none such, or it has ended."""
    c = program_keys.c
    theirs = (c.id == key) & (c.user_id == person) & c.ended_at.is_(None)
    ended = update(program_keys).where(theirs).values(ended_at=uow.now, ended_by=uow.actor.name)
    return uow.execute(ended).rowcount == 1


def end_program(uow: UnitOfWork, person: UUID, session: UUID) -> str | None:
    """One that the person signed in to this shop; answers what it calls itself, None where there is none such."""
    called: str | None = uow.execute(select(func.app.end_program(person, session))).scalar_one()
    return called


def note_use(uow: UnitOfWork, key: UUID) -> None:
    uow.execute(update(program_keys).where(program_keys.c.id == key).values(used_at=uow.now))
