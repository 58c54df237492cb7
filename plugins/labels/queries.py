"""Reading files of labels."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.labels.tables import label_files


def file(uow: UnitOfWork, file: UUID) -> bytes:
    """Raises NotFound."""
    content: bytes | None = uow.execute(
        select(label_files.c.content).where(label_files.c.id == file)
    ).scalar_one_or_none()
    if content is None:
        raise NotFound(_("These labels are not kept any more. Print them again."))
    return content
