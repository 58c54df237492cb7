"""Writing what becomes of shops that are to be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from kernel.ids import new_id
from kernel.tables import tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.tenants.domain.shop import ShopRow
from plugins.tenants.tables import deletions

#: So many rows go in one statement: none is long enough to be ended by the server.
AT_ONCE = 20_000

_open = deletions.c.cancelled_at.is_(None) & deletions.c.erased_at.is_(None)


def add(work: PlatformWork, shop: ShopRow, because: str, due_at: datetime) -> None:
    what = {"tenant_id": shop.id, "name": shop.name, "slug": shop.slug, "state_before": shop.state.value}
    when = {"scheduled_at": work.now, "scheduled_by": work.actor.name, "because": because, "due_at": due_at}
    work.execute(insert(deletions).values(id=new_id(), **what, **when))


def cancel(work: PlatformWork, shop: UUID) -> ShopState | None:
    """What the shop was before; None when it is not to be deleted (any more), or its erasure has begun."""
    waiting = (deletions.c.tenant_id == shop) & _open & deletions.c.found.is_(None)
    ended = update(deletions).where(waiting).values(cancelled_at=work.now, cancelled_by=work.actor.name)
    before = work.execute(ended.returning(deletions.c.state_before)).scalar_one_or_none()
    return None if before is None else ShopState(before)


def begin(work: PlatformWork, deletion: UUID, found: Mapping[str, int]) -> None:
    """From here on there is no way back. What was found first is what is proven, also when it has to be done again."""
    first = (deletions.c.id == deletion) & _open & deletions.c.found.is_(None)
    work.execute(update(deletions).where(first).values(found=dict(found)))


def finish(work: PlatformWork, deletion: UUID, left: Mapping[str, int]) -> bool:
    """Answers False when somebody else has finished it."""
    begun = (deletions.c.id == deletion) & _open & deletions.c.found.is_not(None)
    return work.execute(update(deletions).where(begun).values(erased_at=work.now, left=dict(left))).rowcount == 1


def free_slug(work: PlatformWork, shop: UUID) -> None:
    """Another shop may have the address now. What is left of this one says that it was, and what it paid."""
    gone = {"slug": f"deleted-{shop.hex}", "trial_until": None}
    work.execute(update(tenants).where(tenants.c.id == shop).values(**gone))


# In the shop


def count(uow: UnitOfWork) -> dict[str, int]:
    """Rows in every table that holds shops' rows."""
    return {row.name: row.rows for row in uow.ask("SELECT name, rows FROM app.count_shop()")}


def take(uow: UnitOfWork) -> bool:
    """Whoever takes the shop's row erases; answers False when somebody else has it."""
    row = select(tenants.c.id).where(tenants.c.id == uow.shop.id).with_for_update(skip_locked=True)
    return uow.execute(row).first() is not None


def people(uow: UnitOfWork) -> list[UUID]:
    """Who works here and nowhere else."""
    return [row.id for row in uow.ask("SELECT app.people_only_of(app.tenant()) AS id")]


def erase_people(uow: UnitOfWork, persons: list[UUID]) -> None:
    uow.ask("SELECT name FROM app.erase_people(%(persons)s::uuid[])", {"persons": persons})


def erase(uow: UnitOfWork, table: str) -> None:
    values = {"table": table, "most": AT_ONCE}
    while uow.ask("SELECT app.erase_rows(%(table)s, %(most)s) AS erased", values)[0].erased == AT_ONCE:
        pass


def erase_orphans(uow: UnitOfWork) -> None:
    """What says neither whose nor which shop's it is, and referred to what is erased."""
    uow.ask("SELECT app.erase_orphans()")
