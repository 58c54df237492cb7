"""Writing plans. Whoever changes what a plan has makes every process read its shops anew."""

from __future__ import annotations

from sqlalchemy import insert, update

from kernel.plans import Plan, row_of
from kernel.tables import plans, tenants
from kernel.uow import PlatformWork, refusing
from plugins.tenants.domain.plan import PlanNameTaken


def add(work: PlatformWork, plan: Plan) -> None:
    with refusing("plans_pkey", lambda: PlanNameTaken(plan.name)):
        work.execute(insert(plans).values(name=plan.name, created_at=work.now, **row_of(plan)))


def change(work: PlatformWork, plan: Plan) -> bool:
    """Answers False when somebody else has changed it since this version."""
    unchanged = (plans.c.name == plan.name) & (plans.c.version == plan.version)
    changed = update(plans).where(unchanged).values(version=plan.version + 1, **row_of(plan))
    return work.execute(changed).rowcount == 1


def renew_shops(work: PlatformWork, plan: str) -> None:
    """However many they are, it is one statement."""
    work.execute(update(tenants).where(tenants.c.plan == plan).values(version=tenants.c.version + 1))


def archive(work: PlatformWork, name: str) -> None:
    open_one = (plans.c.name == name) & plans.c.archived_at.is_(None)
    work.execute(update(plans).where(open_one).values(archived_at=work.now, archived_by=work.actor.name))


def offer_again(work: PlatformWork, name: str) -> None:
    work.execute(update(plans).where(plans.c.name == name).values(archived_at=None, archived_by=None))
