"""One thing changed of many items at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import _

MOST_AT_ONCE = 1_000
#: Taken along in an address, which proxies cut off at some kilobytes.
MOST_ONWARD = 150


class Thing(StrEnum):
    CATEGORY = "category"
    ACTIVE = "active"


#: A category (or none), or whether an item is active.
Value = UUID | bool | None


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What each item had `before`, and what all of them had `after`."""

    id: UUID
    thing: Thing
    before: Mapping[UUID, Value]
    after: Value


class NothingSelected(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Please select at least one item first."))


class NoCategoryChosen(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("Please choose a category first."))


class TooManySelected(RuleBroken):
    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        super().__init__(_("At most {most} items at once, please. Ask for fewer with the filters.").format(most=most))


class TakenBackAlready(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This was undone already."))
