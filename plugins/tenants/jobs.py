"""What happens to shops by the clock."""

from __future__ import annotations

from datetime import datetime

from kernel.uow import Database, PlatformWork
from plugins.tenants.actions.erase_shop import erase_shop
from plugins.tenants.actions.pay import end_trials
from plugins.tenants.queries.standing import due_deletions

#: So many shops are erased in one slot: it holds the clock up.
AT_ONCE = 1


def end_trials_that_are_over(work: PlatformWork, slot: datetime) -> None:
    """Every minute: at midnight it is another hour in each zone."""
    end_trials(work)


def erase_what_is_due(work: PlatformWork, slot: datetime, database: Database) -> None:
    # A large shop takes minutes, in transactions of its own; this one waits for them.
    work.ask("SET LOCAL idle_in_transaction_session_timeout = 0")
    for deletion in due_deletions(work, AT_ONCE):
        erase_shop(database, work.actor, deletion)
