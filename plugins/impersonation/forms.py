"""What is typed to act in somebody's account."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.forms import Form, Line, Uuid

#: Long enough to say something.
Reason = Annotated[Line, Field(min_length=5)]


class BeginForm(Form):
    user: Uuid
    because: Reason
    minutes: Literal["15", "30", "60"] = "15"


class EscalationForm(Form):
    because: Reason
