"""Writing what one shop has beside its plan. An override is never changed: it ends, and another begins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from kernel.ids import new_id
from kernel.tables import overrides, tenants
from kernel.uow import UnitOfWork

_open = overrides.c.ended_at.is_(None)


def switch(uow: UnitOfWork, plugin: str, *, enabled: bool, because: str, until: datetime | None) -> None:
    _add(uow, "plugin", plugin, enabled, None, because, until)


def limit(uow: UnitOfWork, name: str, number: int | None, *, because: str, until: datetime | None) -> None:
    """No number is no limit."""
    _add(uow, "limit", name, None, number, because, until)


def end_called(uow: UnitOfWork, kind: str, name: str) -> None:
    """Whatever is granted or denied under this name."""
    _end(uow, (overrides.c.kind == kind) & (overrides.c.name == name))


def end(uow: UnitOfWork, override: UUID) -> bool:
    """Answers False when it has ended already."""
    return _end(uow, overrides.c.id == override) == 1


def _add(
    uow: UnitOfWork,
    kind: str,
    name: str,
    enabled: bool | None,
    number: int | None,
    because: str,
    until: datetime | None,
) -> None:
    # Of two at once the second waits, and ends what the first began.
    uow.execute(select(tenants.c.id).where(tenants.c.id == uow.shop.id).with_for_update(key_share=True))
    end_called(uow, kind, name)
    content = {"kind": kind, "name": name, "enabled": enabled, "number": number, "because": because, "until": until}
    who = {"set_at": uow.now, "set_by": uow.actor.name}
    uow.execute(insert(overrides).values(id=new_id(), tenant_id=uow.shop.id, **content, **who))


def _end(uow: UnitOfWork, which: object) -> int:
    ended = update(overrides).where(overrides.c.tenant_id == uow.shop.id, _open, which)  # type: ignore[arg-type]
    return uow.execute(ended.values(ended_at=uow.now, ended_by=uow.actor.name)).rowcount
