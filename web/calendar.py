"""What the calendar in the browser must know to count and to speak as the reader does."""

from __future__ import annotations

import json
from datetime import date

from kernel import calendars
from kernel.i18n import _
from web.view import shown_now


def calendar_attributes(first: date | None = None, last: date | None = None) -> dict[str, str | None]:
    """For `front/js/calendar.js`: how days are counted and named, and between which of them one may choose."""
    view = shown_now().view
    weekdays, short = calendars.weekday_names()
    words = {
        "months": [calendars.month_name(month, view.calendar) for month in range(1, 13)],
        "weekdays": weekdays,
        "short": short,
        "day": _("{day} {month} {year}"),
        "month": _("{month} {year}"),
    }
    return {
        "data-calendar": view.calendar.value,
        "data-language": view.language,
        "data-begins": str(view.week_begins),
        "data-today": view.now.astimezone(view.zone).date().isoformat(),
        "data-first": first.isoformat() if first else None,
        "data-last": last.isoformat() if last else None,
        "data-words": json.dumps(words, ensure_ascii=False, separators=(",", ":")),
    }
