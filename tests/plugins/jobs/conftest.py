"""A worker's day for tests of the platform's pages: jobs that went well, failed, wait and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import update

from kernel.ids import new_id
from kernel.presence import Presence
from kernel.tables import outbox
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.audit.jobs import check

Promise = Callable[..., Any]


@pytest.fixture
def promise(database: Database, actor: Actor) -> Promise:
    """A job in a shop, in whatever state: `promise(shop, state="dead", error="KeyError: 'Sara'")`."""

    def promised(shop: Shop, **values: Any) -> Any:
        with database.for_shop(shop.id, actor) as uow:
            id = uow.enqueue(check, key=f"test:{new_id()}")
            if values.get("state") in ("done", "dead", "dropped", "skipped"):
                values = {"ended_at": uow.now, **values}
            if values.get("state") == "sent":
                values = {"sent_at": uow.now, **values}
            if values:
                uow.execute(update(outbox).where(outbox.c.id == id).values(values))
        return id

    return promised


@pytest.fixture
def presence(adapters: Mapping[type[Any], Any]) -> Any:
    """Who is at work: nobody, until a test tells somebody."""
    kept = adapters[Presence]
    kept._told.clear()
    yield kept
    kept._told.clear()
