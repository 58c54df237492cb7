"""Writing what the shop is called and how it looks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert, update

from kernel.ids import new_id
from kernel.tables import tenants
from kernel.uow import UnitOfWork
from plugins.shop.domain.logo import Picture
from plugins.shop.tables import logos


def change(uow: UnitOfWork, *, name: str, language: str, zone: str, calendar: str) -> None:
    here = update(tenants).where(tenants.c.id == uow.shop.id)
    uow.execute(here.values(name=name, language=language, zone=zone, calendar=calendar))


def put_logo(uow: UnitOfWork, picture: Picture) -> UUID:
    """In the place of the one there was."""
    take_logo_away(uow)
    logo = new_id()
    uow.execute(
        insert(logos).values(
            id=logo,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            set_at=uow.now,
            set_by=uow.actor.name,
        )
    )
    return logo


def take_logo_away(uow: UnitOfWork) -> None:
    uow.execute(delete(logos))
