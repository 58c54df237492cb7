"""Writing a shop's state and plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from kernel.ids import new_id
from kernel.plans import subscribe
from kernel.tables import tenants
from kernel.tenancy import ShopState
from kernel.uow import PlatformWork, UnitOfWork
from plugins.tenants.tables import suspensions

# In the shop


def set_plan(uow: UnitOfWork, plan: str) -> None:
    this = tenants.c.id == uow.shop.id
    uow.execute(update(tenants).where(this).values(plan=plan))
    subscribe(uow, this, uow.now, uow.actor.name)


# On the platform


def change(work: PlatformWork, shop: UUID, content: Mapping[str, Any]) -> None:
    work.execute(update(tenants).where(tenants.c.id == shop).values(version=tenants.c.version + 1, **content))


def change_state(work: PlatformWork, shop: UUID, before: ShopState, after: ShopState) -> bool:
    """Answers False when the shop is not (any more) what it was thought to be."""
    this = (tenants.c.id == shop) & (tenants.c.state == before.value)
    changed = work.execute(update(tenants).where(this).values(state=after.value, version=tenants.c.version + 1))
    return changed.rowcount == 1


def add_suspension(work: PlatformWork, shop: UUID, before: ShopState, because: str) -> None:
    work.execute(
        insert(suspensions).values(
            id=new_id(),
            tenant_id=shop,
            state_before=before.value,
            suspended_at=work.now,
            suspended_by=work.actor.name,
            because=because,
        )
    )


def end_suspension(work: PlatformWork, shop: UUID) -> ShopState | None:
    """What the shop was before; None when it is not suspended (any more)."""
    open_one = (suspensions.c.tenant_id == shop) & suspensions.c.ended_at.is_(None)
    ended = update(suspensions).where(open_one).values(ended_at=work.now, ended_by=work.actor.name)
    before = work.execute(ended.returning(suspensions.c.state_before)).scalar_one_or_none()
    return None if before is None else ShopState(before)


def set_trial(work: PlatformWork, shop: UUID, until: datetime | None) -> bool:
    """Answers False for a shop that is not on trial."""
    this = (tenants.c.id == shop) & (tenants.c.state == ShopState.TRIAL.value)
    changed = update(tenants).where(this).values(trial_until=until, version=tenants.c.version + 1)
    return work.execute(changed).rowcount == 1


def end_trial(work: PlatformWork, shop: UUID) -> None:
    work.execute(update(tenants).where(tenants.c.id == shop).values(trial_until=None))


def end_trials(work: PlatformWork) -> None:
    """All whose time is over, in one statement: they are past due."""
    over = (tenants.c.state == ShopState.TRIAL.value) & (tenants.c.trial_until <= work.now)
    due = {"state": ShopState.PAST_DUE.value, "version": tenants.c.version + 1}
    work.execute(update(tenants).where(over).values(**due))
