"""Look through a trail, and let go what its time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from kernel.audit import first_broken, unsealed
from kernel.uow import PlatformWork, UnitOfWork
from plugins.audit import store
from plugins.audit.domain.keeping import MONTHS, kept_since
from plugins.audit.queries import PLATFORM, SHOP

log = logging.getLogger(__name__)


def check_shop(uow: UnitOfWork) -> int | None:
    """Answers the first entry that does not hold. A broken trail is evidence: nothing of it is forgotten."""
    broken, past_it = first_broken(uow, "shop"), unsealed(uow, "shop")
    store.add_check(uow, SHOP, broken, past_it)
    if broken is None and not past_it:
        store.forget(uow, "shop", kept_since(uow.now, uow.setting(MONTHS)))
    if broken is not None:
        log.error("a shop's audit trail is broken at entry %s", broken, extra={"tenant": str(uow.shop.id)})
    if past_it:
        log.error("%s changes of a shop are in no entry of its trail", past_it, extra={"tenant": str(uow.shop.id)})
    return broken


def check_platform(work: PlatformWork, months: int, slot: datetime | None = None) -> int | None:
    """The same for the platform's own trail, kept for so long; each slot of the clock once."""
    if slot is not None and not store.take_slot(work, PLATFORM, slot):
        return None
    broken, past_it = first_broken(work, "platform"), unsealed(work, "platform")
    store.add_check(work, PLATFORM, broken, past_it, slot=slot)
    if broken is None and not past_it:
        store.forget(work, "platform", kept_since(work.now, months))
    if broken is not None:
        log.error("the platform's audit trail is broken at entry %s", broken)
    if past_it:
        log.error("%s changes of the platform are in no entry of its trail", past_it)
    return broken
