"""Look through a trail, and let go what its time is over."""

from __future__ import annotations

import logging
from datetime import datetime

from kernel.audit import first_broken, unsealed
from kernel.uow import PlatformWork, UnitOfWork
from plugins.audit import store
from plugins.audit.domain.keeping import MONTHS, kept_since
from plugins.audit.queries import PLATFORM, SHOP, Trail

log = logging.getLogger(__name__)


def check_shop(uow: UnitOfWork) -> int | None:
    """Answers the first entry that does not hold."""
    return _check(uow, SHOP, str(uow.shop.id), uow.setting(MONTHS))


def check_platform(work: PlatformWork, months: int, slot: datetime | None = None) -> int | None:
    """The same for the platform's own trail, kept for so long; each slot of the clock once."""
    if slot is not None and not store.take_slot(work, PLATFORM, slot):
        return None
    return _check(work, PLATFORM, "platform", months, slot)


def _check(
    work: UnitOfWork | PlatformWork, trail: Trail, tenant: str, months: int, slot: datetime | None = None
) -> int | None:
    broken, past_it = first_broken(work, trail.scope), unsealed(work, trail.scope)
    store.add_check(work, trail, broken, past_it, slot=slot)
    if broken is not None:
        log.error("an audit trail is broken at entry %s", broken, extra={"tenant": tenant})
    if past_it:
        log.error("%s changes are in no entry of an audit trail", past_it, extra={"tenant": tenant})
    if broken is None and not past_it:  # a broken trail is evidence: nothing of it is forgotten
        store.forget(work, trail, kept_since(work.now, months))
    return broken
