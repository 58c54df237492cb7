"""Long lists for programs: a page at a time, each beginning where the one before ended.

What is written or goes meanwhile shifts nothing: a cursor names a place in the list's order, not a number of rows.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import Field

from kernel.errors import BadInput
from kernel.i18n import _
from web.forms import CountField, DateField, Form
from web.period import DAYS, Period

Row = TypeVar("Row")
Place = TypeVar("Place")

MOST_ROWS = 200

Cursor = Annotated[str, Field(max_length=400, description="the `next` of the page before")]


class PageQuery(Form):
    """Which page of a list: without `after` the first."""

    after: Cursor | None = None
    limit: Annotated[CountField, Field(le=MOST_ROWS)] = 50


class PageOfDays(PageQuery):
    """Which page of what happened from `since` to `until`: both days are included, as the shop counts them."""

    since: DateField | None = None
    until: DateField | None = None

    def moments(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """Where the first day begins, and where the day after the last does."""
        return Period(DAYS, self.since, self.until).moments(zone)


def pack(*place: object) -> str:
    """A place in a list as programs get it; they see that it says nothing to them."""
    return urlsafe_b64encode(json.dumps([str(one) for one in place]).encode()).rstrip(b"=").decode()


def opened(cursor: str | None, read: Callable[..., Place]) -> Place | None:
    """The place that `pack` packed; `read` takes its parts. Raises BadInput for what we never handed out."""
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor.encode() + b"==="))
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise ValueError(cursor)
        return read(*parts)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise BadInput({"after": _("Please send the `next` of the page before.")}) from None


def at_and_id(at: str, id: str) -> tuple[datetime, UUID]:
    """A place in a list by time; the id tells apart what happened in one moment."""
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError(at)
    return moment, UUID(id)


def page_of(
    rows: Iterable[Row], query: PageQuery, place: Callable[[Row], tuple[str, ...]]
) -> tuple[Sequence[Row], str | None]:
    """One page of a list that is short enough to be read whole, in the order of `place`; and its `next`."""
    behind = opened(query.after, lambda *parts: parts)
    found = sorted((row for row in rows if behind is None or place(row) > behind), key=place)
    shown = found[: query.limit]
    return shown, pack(*place(shown[-1])) if len(found) > query.limit else None
