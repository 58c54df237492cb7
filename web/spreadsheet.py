"""A list as a file, for a person's spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from starlette.responses import Response

from kernel import sheets
from web.view import shown_now


def spreadsheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """To be saved as `<name>-<today>.csv`. Write the cells with `formats(request).plain`."""
    return as_csv(name, sheets.written(headings, rows))


class Export(Response):
    """A list as a file. That somebody took it along is in the audit trail (`web/answer.py`)."""

    def __init__(self, file: str, content: str) -> None:
        # A header holds Latin letters only; of others it says that they are UTF-8 (RFC 6266).
        name = f'filename="{file}"' if re.fullmatch(r"[\w.-]+", file, re.ASCII) else f"filename*=UTF-8''{quote(file)}"
        headers = {"Content-Disposition": f"attachment; {name}", "Cache-Control": "no-store"}
        super().__init__(content, media_type="text/csv; charset=utf-8", headers=headers)
        self.file = file


def as_csv(name: str, content: str) -> Response:
    view = shown_now().view
    return Export(f"{name}-{view.now.astimezone(view.zone):%Y-%m-%d}.csv", content)
