"""Writing saved views of the person at hand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.views.tables import saved_views


def keep(uow: UnitOfWork, list_: str, name: str, query: str) -> UUID:
    """Under a name that is taken it replaces what was kept there."""
    row = insert(saved_views).values(id=new_id(), person=uow.actor.id, list=list_, name=name, query=query)
    kept: UUID = uow.execute(
        row.on_conflict_do_update(constraint="saved_views_name_key", set_={"query": query}).returning(saved_views.c.id)
    ).scalar_one()
    return kept


def start_with(uow: UnitOfWork, list_: str, view: UUID | None) -> None:
    """None starts with everything again."""
    of_list = (saved_views.c.person == uow.actor.id) & (saved_views.c.list == list_)
    uow.execute(update(saved_views).where(of_list & saved_views.c.is_default).values(is_default=False))
    if view is not None:
        uow.execute(update(saved_views).where(of_list & (saved_views.c.id == view)).values(is_default=True))


def remove(uow: UnitOfWork, view: UUID) -> None:
    uow.execute(delete(saved_views).where((saved_views.c.id == view) & (saved_views.c.person == uow.actor.id)))
