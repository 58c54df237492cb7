"""What one shop has beside its plan: granted or denied by an admin, for a reason, mostly for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.errors import BadInput, Conflict
from kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Override:
    """Of a plugin (`enabled`) or of a limit (`number`, None is no limit). `until` is the end of the shop's day."""

    id: UUID
    kind: str
    name: str
    enabled: bool | None
    number: int | None
    because: str
    set_at: datetime
    set_by: str
    until: datetime | None
    ended_at: datetime | None
    ended_by: str | None


class OverrideEnded(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This exception has ended already."))


def end_of(day: date | None, zone: str, now: datetime, *, field: str = "until") -> datetime | None:
    """The moment at which this day is over in the shop's zone. Raises BadInput for a day that is over there now."""
    if day is None:
        return None
    over = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)
    if over <= now:
        raise BadInput({field: _("Please choose a day that is not over in the shop yet.")})
    return over


def last_day(until: datetime, zone: str) -> date:
    """The day at whose end it is over."""
    return (until.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()
