"""What runs low, for Today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.uow import UnitOfWork
from plugins.inventory import queries

SHOWN = 6


def few_left(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """One more than are shown tells that there are more."""
    low = queries.items.running_low(uow, limit=SHOWN + 1)
    if not low:
        return None
    return {"low": low[:SHOWN], "are_more": len(low) > SHOWN}
