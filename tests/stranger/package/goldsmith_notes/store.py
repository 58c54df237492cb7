"""The SQL of notes. No statement names a tenant: the database does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from goldsmith_notes.tables import notes
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.uow import UnitOfWork


def add(uow: UnitOfWork, text: str) -> None:
    uow.execute(insert(notes).values(id=new_id(), text=text))


def change(uow: UnitOfWork, note: UUID, text: str) -> None:
    """Raises NotFound."""
    if uow.execute(update(notes).where(notes.c.id == note).values(text=text)).rowcount == 0:
        raise NotFound


def note(uow: UnitOfWork, note: UUID) -> Row[Any]:
    """Raises NotFound."""
    found = uow.execute(select(notes.c.id, notes.c.text).where(notes.c.id == note)).one_or_none()
    if found is None:
        raise NotFound
    return found


def newest(uow: UnitOfWork) -> Sequence[Row[Any]]:
    return uow.execute(select(notes.c.id, notes.c.text).order_by(notes.c.id.desc()).limit(50)).all()


def forget_all_but(uow: UnitOfWork, newest: int) -> None:
    kept = select(notes.c.id).order_by(notes.c.id.desc()).limit(newest)
    uow.execute(delete(notes).where(notes.c.id.not_in(kept)))
