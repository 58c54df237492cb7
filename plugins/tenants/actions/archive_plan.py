"""Take a plan off the offer: its shops keep it, and no shop is put on it. Offer it again."""

from __future__ import annotations

from kernel.uow import PlatformWork
from plugins.tenants.queries import plans as queries
from plugins.tenants.store import plans as store


def archive_plan(work: PlatformWork, name: str) -> None:
    """Raises NotFound."""
    queries.plan(work, name)
    store.archive(work, name)


def offer_plan_again(work: PlatformWork, name: str) -> None:
    """Raises NotFound."""
    queries.plan(work, name)
    store.offer_again(work, name)
