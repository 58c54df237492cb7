"""Charts as pages hand them over: what is drawn, and the same figures written out for the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from markupsafe import Markup

Figure = int | float | Decimal | None
#: More series than this cannot be told apart; a page with more shows a table.
SERIES_MAX = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one row of bars. `values` only place the points (None leaves a gap); people read what is `shown`."""

    name: str
    values: tuple[Figure, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for `ui.chart`. The labels and everything `shown` are in the reader's language and digits already.

    `unit` stands at the axis and in the table's head: `AED`, `g`. `over` says what the labels are: `Day`.
    """

    kind: Literal["line", "bar"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    over: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= SERIES_MAX:
            raise ValueError(f"a chart has 1 to {SERIES_MAX} series, not {len(self.series)}")
        for one in self.series:
            if not len(self.labels) == len(one.values) == len(one.shown):
                raise ValueError(f"series {one.name!r} does not have one value and one text for each label")

    @property
    def drawn(self) -> dict[str, Any]:
        """What the browser gets; floats are good enough for points on a screen."""
        return {
            "kind": self.kind,
            "labels": self.labels,
            "series": [
                {
                    "name": one.name,
                    "values": [None if value is None else float(value) for value in one.values],
                    "shown": one.shown,
                }
                for one in self.series
            ],
        }

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The table behind it: a label and what each series shows there."""
        return list(zip(self.labels, *(one.shown for one in self.series), strict=True))


def sparkline(values: Sequence[Figure]) -> Markup:
    """The small chart under a figure: only how it went, without axes, so hidden from screen readers."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(value for _place, value in known), max(value for _place, value in known)
    across, up = 100 / (len(values) - 1), 24 / ((high - low) or 1)
    # A row of equal values is a line in the middle, not on the floor.
    floor = 26 if high > low else 14
    points = " ".join(f"{place * across:.1f},{floor - (value - low) * up:.1f}" for place, value in known)
    return Markup(
        '<svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">'
        '<polyline points="{}"/></svg>'
    ).format(points)
