"""Keeping files of labels, and forgetting them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from kernel.uow import UnitOfWork
from plugins.labels.tables import label_files


def keep(uow: UnitOfWork, file: UUID, content: bytes, labels: int) -> None:
    row = insert(label_files).values(id=file, content=content, labels=labels, made_at=uow.now, made_by=uow.actor.name)
    # A worker that was killed after its commit is asked once more.
    uow.execute(row.on_conflict_do_nothing())


def forget(uow: UnitOfWork, *, before: datetime) -> None:
    uow.execute(delete(label_files).where(label_files.c.made_at < before))
