"""What is typed about the trail."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from plugins.audit.domain.keeping import bounded
from web.cursors import PageOfDays
from web.forms import CountField, Form, Line, Uuid


class TrailQuery(PageOfDays):
    """What is looked for in the trail; `about` is a table, `row` the key of one of its rows."""

    text: Line = ""
    person: Uuid | None = None
    action: Line = ""
    outcome: Literal["done", "refused", "failed", "suspicious"] | None = None
    about: Line = ""
    row: Line = ""


class KeepingForm(Form):
    months: Annotated[CountField, AfterValidator(bounded)]
