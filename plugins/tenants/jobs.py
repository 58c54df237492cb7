"""What happens to shops by the clock."""

from __future__ import annotations

import logging
from datetime import datetime
from time import monotonic

from kernel import faults
from kernel.uow import Database, PlatformWork
from plugins.tenants.actions.erase_shop import erase_shop
from plugins.tenants.domain.deletion import BeingErased, NotToBeErased
from plugins.tenants.queries.standing import due_deletions
from plugins.tenants.store import shops

log = logging.getLogger(__name__)

#: For so long one slot holds the clock up; what is left then is for the next. Less than the server lets wait idle.
A_SLOT_S = 20


def end_trials_that_are_over(work: PlatformWork, slot: datetime) -> None:
    """Every minute: at midnight it is another hour in each zone."""
    shops.end_trials(work)


def erase_what_is_due(work: PlatformWork, slot: datetime, database: Database) -> None:
    end = monotonic() + A_SLOT_S
    for deletion in due_deletions(work):
        try:
            if not erase_shop(database, work.actor, deletion, within_s=end - monotonic()):
                return
        except BeingErased:
            log.info("another scheduler erases %s", deletion.shop)
        except NotToBeErased:
            log.info("%s has been erased meanwhile, or is kept", deletion.shop)
        except Exception as fault:
            # It is tried again in the next slot, and keeps no other shop waiting.
            log.exception("a shop was not erased", extra={"tenant": str(deletion.shop)})
            faults.note(database, "schedule", "tenants.erase_shops", fault, shop=deletion.shop)
