"""A file of items on its way into the stock: read and checked first, then all of it at once, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

#: Files with at most so many rows are read, and entered, while the person waits; larger ones by a job.
AT_ONCE = 1_000


class ImportState(StrEnum):
    READING = "reading"
    CHECKED = "checked"
    ENTERING = "entering"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Import:
    """`good` and `bad` count the rows that were read so far."""

    id: UUID
    file_name: str
    state: ImportState
    rows: int
    good: int
    bad: int
    branch: UUID
    created_at: datetime
    created_by: str
    ended_at: datetime | None

    @property
    def is_large(self) -> bool:
        return self.rows > AT_ONCE

    @property
    def can_enter(self) -> bool:
        return self.state is ImportState.CHECKED and self.bad == 0 and self.good > 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot come in: the column, what is written there, and a sentence."""

    line: int
    column: str
    written: str
    sentence: str
