"""What runs low, for Today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.uow import UnitOfWork
from plugins.inventory import queries

SHOWN = 6


def few_left(uow: UnitOfWork) -> Mapping[str, Any]:
    """One more than are shown tells that there are more."""
    low = queries.items.running_low(uow, limit=SHOWN + 1)
    return {"low": low[:SHOWN], "are_more": len(low) > SHOWN}
