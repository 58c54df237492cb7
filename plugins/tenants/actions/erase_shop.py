"""Erase a shop whose time is over: every row of it, wherever it stands, with a proof that outlives it.

Each step may be done again after whatever broke off between two of them.
"""

from __future__ import annotations

from kernel.plans import end_subscriptions
from kernel.tables import tenants
from kernel.tenancy import Actor, ShopState, TenantId
from kernel.uow import Database
from plugins.tenants.domain.deletion import Deletion, StillWaiting
from plugins.tenants.store import deletions
from plugins.tenants.store import shops as store

PEOPLE = "platform.people"


def erase_shop(database: Database, actor: Actor, deletion: Deletion) -> None:
    """Raises StillWaiting."""
    shop = TenantId(deletion.shop)
    with database.for_platform("erase a shop", actor, read_only=True) as work:
        if deletion.due_at > work.now:
            raise StillWaiting(deletion.name)
    with database.for_shop(shop, actor, read_only=True) as uow:
        found = deletions.count(uow) | {PEOPLE: len(deletions.people(uow))}
    with database.for_platform("erase a shop", actor) as work:
        deletions.begin(work, deletion.id, found)
    with database.for_shop(shop, actor) as uow:
        if not deletions.take(uow):
            return  # another scheduler is at it
        deletions.erase_people(uow, deletions.people(uow))
        for table in found:
            if table != PEOPLE:
                deletions.erase(uow, table)
        deletions.erase_orphans(uow)
        left = deletions.count(uow) | {PEOPLE: len(deletions.people(uow))}
    if any(left.values()):
        raise RuntimeError(f"rows of {deletion.name} are left: {left}")
    with database.for_platform("erase a shop", actor) as work:
        if deletions.finish(work, deletion.id, left):
            end_subscriptions(work, tenants.c.id == shop, work.now)
            store.change_state(work, shop, ShopState.PENDING_DELETION, ShopState.DELETED)
            deletions.free_slug(work, shop)
            # In the chain of the platform's trail, so that nobody changes it later without being seen.
            work.record("tenants.erase", shop=str(shop), name=deletion.name, found=found, left=left)
