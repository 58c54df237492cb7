"""Writing what becomes of shops that are to be deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from kernel.ids import new_id
from kernel.tables import tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork
from plugins.tenants.domain.shop import ShopRow
from plugins.tenants.tables import deletions

#: So many rows go in one transaction: measured, a hundredth of a second to a tenth.
AT_ONCE = 20_000

_open = deletions.c.cancelled_at.is_(None) & deletions.c.erased_at.is_(None)


def add(work: PlatformWork, shop: ShopRow, because: str, due_at: datetime) -> None:
    what = {"tenant_id": shop.id, "name": shop.name, "slug": shop.slug, "state_before": shop.state.value}
    when = {"scheduled_at": work.now, "scheduled_by": work.actor.name, "because": because, "due_at": due_at}
    work.execute(insert(deletions).values(id=new_id(), **what, **when))


def cancel(work: PlatformWork, shop: UUID) -> tuple[ShopState, datetime] | None:
    """What the shop was before, and until when; None when it is not to be deleted (any more)."""
    waiting = (deletions.c.tenant_id == shop) & _open & deletions.c.found.is_(None)
    ended = update(deletions).where(waiting).values(cancelled_at=work.now, cancelled_by=work.actor.name)
    row = work.execute(ended.returning(deletions.c.state_before, deletions.c.scheduled_at)).one_or_none()
    return None if row is None else (ShopState(row.state_before), row.scheduled_at)


def take(work: PlatformWork, deletion: UUID) -> bool:
    """Whoever takes it does the next batch; answers False when somebody else has it, or it is over."""
    row = select(deletions.c.id).where(deletions.c.id == deletion, _open).with_for_update(skip_locked=True)
    return work.execute(row).first() is not None


def is_open(work: PlatformWork, deletion: UUID) -> bool:
    """Whether it is neither cancelled nor over, whoever has it."""
    return work.execute(select(deletions.c.id).where(deletions.c.id == deletion, _open)).first() is not None


def begin(work: PlatformWork, deletion: UUID, found: Mapping[str, int]) -> None:
    """What was found first is what is proven, also when it has to be done again."""
    first = (deletions.c.id == deletion) & deletions.c.found.is_(None)
    work.execute(update(deletions).where(first).values(found=dict(found)))


def finish(work: PlatformWork, deletion: UUID, left: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Answers how many rows of each table were found, and how many all batches have erased."""
    done = update(deletions).where(deletions.c.id == deletion).values(erased_at=work.now, left=dict(left))
    row = work.execute(done.returning(deletions.c.found, deletions.c.erased)).one()
    return row.found, row.erased


def free_slug(work: PlatformWork, shop: UUID) -> None:
    """Another shop may have the address now. What is left of this one says that it was, and what it paid."""
    gone = {"slug": f"deleted-{shop.hex}", "trial_until": None}
    work.execute(update(tenants).where(tenants.c.id == shop).values(**gone))


# Past row-level security, which the functions are let through for a shop whose time is over and for no other


def tables(work: PlatformWork) -> list[str]:
    """Every table that holds shops' rows; none stands before one that refers to it."""
    return [row.name for row in work.ask("SELECT app.tables_of_shops() AS name")]


def count(work: PlatformWork, shop: UUID) -> dict[str, int]:
    """Rows of the shop in each of them, and of the people who work here and nowhere else."""
    rows: Counter[str] = Counter()
    for row in work.ask("SELECT name, rows FROM app.count_shop(%(shop)s)", {"shop": shop}):
        rows[row.name] += row.rows
    return dict(rows)


def erase(work: PlatformWork, shop: UUID, table: str) -> bool:
    """A batch. Answers whether there may be more."""
    values = {"shop": shop, "table": table, "most": AT_ONCE}
    many: int = work.ask("SELECT app.erase_rows(%(shop)s, %(table)s, %(most)s) AS many", values)[0].many
    return many == AT_ONCE


def erase_people(work: PlatformWork, shop: UUID) -> None:
    """Their accounts, and the list of who works here, which says whose accounts go."""
    work.ask("SELECT app.erase_people(%(shop)s)", {"shop": shop})
