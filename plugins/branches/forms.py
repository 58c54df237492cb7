"""What is typed about branches and tills."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.forms import Code, Form, Line, Paragraph


class BranchForm(Form):
    code: Annotated[Code, Field(max_length=12)]
    name: Annotated[Line, Field(max_length=80)]
    address: Annotated[Paragraph, Field(max_length=500)] = ""
    phone: Annotated[Code, Field(max_length=40)] = ""


class ClosingForm(Form):
    because: Line


class TillForm(Form):
    name: Annotated[Line, Field(max_length=80)]
