"""Jobs of all shops as whoever runs the installation sees them: where they stand and how it went, not what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import Conflict, NotFound
from kernel.i18n import _
from kernel.tenancy import ShopState


class Standing(StrEnum):
    """How far a job is. `SENT`: handed over to the queue, and no worker has said yet that it has it."""

    DEAD = "dead"
    RUNNING = "running"
    SENT = "sent"
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job without its content. `error` is the class of what went wrong last."""

    shop: UUID
    shop_name: str
    shop_state: ShopState
    id: UUID
    kind: str
    name: str
    plugin: str
    queue: str
    state: str
    tries: int
    tries_max: int
    created_at: datetime
    run_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    took_ms: int
    error: str
    done: int
    total: int

    def standing(self, running: Mapping[UUID, datetime]) -> Standing:
        """`running` is what workers say that they have in their hands."""
        return Standing.RUNNING if self.state == "sent" and self.id in running else Standing(self.state)

    @property
    def is_held(self) -> bool:
        """It waits, because nothing is done for a shop in this state."""
        return self.state == "waiting" and not self.shop_state.allows.jobs

    @property
    def may_be_retried(self) -> bool:
        return self.state in ("dead", "dropped", "skipped")

    @property
    def may_be_dropped(self) -> bool:
        return self.state in ("waiting", "dead")

    @property
    def may_be_cancelled(self) -> bool:
        return self.state == "sent"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs are asked for. Empty is all."""

    standing: Standing
    name: str = ""
    queue: str = ""
    shop: UUID | None = None
    since: datetime | None = None
    among: tuple[UUID, ...] | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """What is not done yet, and what has failed. `held`: waits because of its shop's state; `late`: since when."""

    waiting: int = 0
    held: int = 0
    sent: int = 0
    dead: int = 0
    late: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadKind:
    """How many of one kind have failed, in how many shops."""

    name: str
    jobs: int
    shops: int


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one kind of job takes: the half of them at most `half_ms`, all but a twentieth at most `most_ms`."""

    name: str
    plugin: str
    done: int
    dead: int
    half_ms: int | None
    most_ms: int | None
    longest_ms: int | None
    tries: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the clock did last under a name. `asked_at` is set while somebody waits for it."""

    ran_at: datetime | None
    took_ms: int
    started: int
    error: str
    asked_at: datetime | None


class NoSuchSchedule(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such schedule."))


class NothingStarts(Conflict):
    def __init__(self, shop: str) -> None:
        super().__init__(_("Nothing is done for “{shop}” while it is closed or suspended.").format(shop=shop))


class IsOff(Conflict):
    def __init__(self, shop: str) -> None:
        super().__init__(_("“{shop}” does not have the plugin that this belongs to.").format(shop=shop))
