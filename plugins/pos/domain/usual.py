"""What a shop usually takes by this hour: what makes today's figures say something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from plugins.pos.domain.takings import NOTHING, Takings

WEEKS = 4
#: One day like this is an accident; two begin to be a habit.
WEEKS_MIN = 2

Hours = Mapping[int, Takings]


@dataclass(frozen=True, slots=True)
class Usual:
    """Today's takings and those of the days that it is compared with, as sums over `days`, up to a full `hour`.

    Days like this one (the last four of its weekday) where two of them had trade at least: weekdays differ more than
    weeks do. Else yesterday; without that, nothing (`days` is 0).
    """

    hour: int
    so_far: Takings
    usual: Takings
    whole: Takings
    days: int
    is_weekday: bool

    @classmethod
    def of(cls, today: date, hour: int, by_day: Mapping[date, Hours]) -> Self:
        like = [by_day[day] for day in same_weekdays(today) if day in by_day]
        is_weekday = len(like) >= WEEKS_MIN
        yesterday = by_day.get(today - timedelta(days=1))
        days = like if is_weekday else [yesterday] if yesterday else []
        return cls(
            hour,
            until(by_day.get(today, {}), hour),
            sum((until(each, hour) for each in days), NOTHING),
            sum((until(each, 24) for each in days), NOTHING),
            len(days),
            is_weekday,
        )

    @property
    def is_comparable(self) -> bool:
        """Had anything been sold by this hour on the other days?"""
        return self.usual.net > 0

    def change(self, measure: str) -> int | None:
        """In per cent, of one measure; None where there was nothing that it could have grown from."""
        usual: int = getattr(self.usual, measure)
        now: int = getattr(self.so_far, measure) * self.days
        return round((now - usual) * 100 / usual) if self.is_comparable and usual > 0 else None


def same_weekdays(today: date) -> Iterator[date]:
    """The last days of the same weekday, the newest first."""
    return (today - timedelta(weeks=week) for week in range(1, WEEKS + 1))


def compared(today: date) -> list[date]:
    """The days whose hours are needed."""
    return [today, today - timedelta(days=1), *same_weekdays(today)]


def until(hours: Hours, hour: int) -> Takings:
    """What was taken before a full hour."""
    return sum((takings for at, takings in hours.items() if at < hour), NOTHING)
