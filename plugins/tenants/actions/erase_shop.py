"""Erase a shop whose time is over: every row of it, wherever it stands, with a proof that outlives it.

It is closed first, so that nobody adds to it. What goes, goes in batches; whatever breaks off between two of them, the
next call goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf
from time import monotonic
from typing import Any, TypeVar

from kernel.plans import end_subscriptions
from kernel.tables import tenants
from kernel.tenancy import Actor, ShopState
from kernel.uow import Database, PlatformWork
from plugins.tenants.domain.deletion import BeingErased, Deletion, NotToBeErased, RowsAreLeft, StillWaiting
from plugins.tenants.store import deletions
from plugins.tenants.store import shops as store

#: Goes last, with the accounts of the people on it.
USERS = "shop.users"

T = TypeVar("T")


def erase_shop(database: Database, actor: Actor, deletion: Deletion, *, within_s: float = inf) -> bool:
    """Answers False when the time was over first: call it again.

    Raises StillWaiting, BeingErased, NotToBeErased, RowsAreLeft.
    """
    end = monotonic() + within_s
    batch = partial(_batch, database, actor, deletion)
    batch(_close, deletion)
    batch(_begin, deletion)
    for table in batch(_tables):
        more = True
        while more:
            if monotonic() > end:
                return False
            more = batch(deletions.erase, deletion.shop, table)
    batch(deletions.erase_people, deletion.shop)
    batch(_finish, deletion)
    return True


def _batch(database: Database, actor: Actor, deletion: Deletion, do: Callable[..., T], *what: Any) -> T:
    with database.for_platform("erase a shop", actor) as work:
        # Somebody else may have come between two batches: they go on to the end.
        if not deletions.take(work, deletion.id):
            raise (BeingErased if deletions.is_open(work, deletion.id) else NotToBeErased)(deletion.name)
        return do(work, *what)


def _close(work: PlatformWork, deletion: Deletion) -> None:
    """From here on there is no way back, and nobody enters."""
    if deletion.due_at > work.now:
        raise StillWaiting(deletion.name)
    store.change_state(work, deletion.shop, ShopState.PENDING_DELETION, ShopState.DELETED)
    # Of a shop that was to be deleted when that did not end what it pays.
    end_subscriptions(work, tenants.c.id == deletion.shop, work.now)


def _begin(work: PlatformWork, deletion: Deletion) -> None:
    if not deletion.begun:
        deletions.begin(work, deletion.id, deletions.count(work, deletion.shop))


def _tables(work: PlatformWork) -> list[str]:
    return [table for table in deletions.tables(work) if table != USERS]


def _finish(work: PlatformWork, deletion: Deletion) -> None:
    # What somebody added who had come in before it was closed goes with the next call.
    left = deletions.count(work, deletion.shop)
    if any(left.values()):
        raise RowsAreLeft(deletion.name, left)
    found, erased = deletions.finish(work, deletion.id, left)
    deletions.free_slug(work, deletion.shop)
    # In the chain of the platform's trail, so that nobody changes it later without being seen.
    work.record("tenants.erase", shop=str(deletion.shop), name=deletion.name, found=found, erased=erased, left=left)
