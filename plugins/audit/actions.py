"""Look through a trail, and let go what its time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from kernel.audit import first_broken
from kernel.uow import PlatformWork, UnitOfWork
from plugins.audit import store
from plugins.audit.domain.keeping import MONTHS, USUAL, kept_since
from plugins.audit.queries import PLATFORM, SHOP

log = logging.getLogger(__name__)


def check_shop(uow: UnitOfWork) -> int | None:
    """Answers the first entry that does not hold. A broken trail is evidence: nothing of it is forgotten."""
    broken = first_broken(uow, "shop")
    store.add_check(uow, SHOP, broken)
    if broken is None:
        store.forget(uow, "shop", kept_since(uow.now, uow.setting(MONTHS)))
    else:
        log.error("a shop's audit trail is broken at entry %s", broken, extra={"tenant": str(uow.shop.id)})
    return broken


def check_platform(work: PlatformWork, slot: datetime | None = None) -> int | None:
    """The same for the platform's own trail; each slot of the clock once."""
    if slot is not None and not store.take_slot(work, PLATFORM, slot):
        return None
    broken = first_broken(work, "platform")
    store.add_check(work, PLATFORM, broken, slot=slot)
    if broken is None:
        store.forget(work, "platform", kept_since(work.now, USUAL))
    else:
        log.error("the platform's audit trail is broken at entry %s", broken)
    return broken
