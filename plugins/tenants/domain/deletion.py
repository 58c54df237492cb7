"""A shop that is to be deleted: it waits, may stay after all, and is erased with proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Conflict
from kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Deletion:
    """`counts` says of each table how many rows were found, erased and left; None until all of it is erased."""

    id: UUID
    shop: UUID
    name: str
    slug: str
    because: str
    scheduled_at: datetime
    scheduled_by: str
    due_at: datetime
    cancelled_at: datetime | None
    cancelled_by: str | None
    begun: bool
    erased_at: datetime | None
    counts: Mapping[str, tuple[int, int, int]] | None


class StillWaiting(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("The time to keep “{name}” is not over yet.").format(name=name))


class BeingErased(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is being erased already.").format(name=name))


class NotToBeErased(Conflict):
    """It is kept after all, or somebody else has erased it meanwhile."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is not to be deleted any more.").format(name=name))


class RowsAreLeft(RuntimeError):
    def __init__(self, name: str, left: Mapping[str, int]) -> None:
        super().__init__(f"rows of {name} are left: { {table: rows for table, rows in left.items() if rows} }")
