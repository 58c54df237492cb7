"""What is typed about a flag. Every change says why; the fields of one page have names of their own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.forms import CountOrZero, Form, Line, Slug


class ShareForm(Form):
    variant: Line
    percent: Annotated[CountOrZero, Field(le=100)] = 0


class SharesForm(Form):
    shares: tuple[ShareForm, ...]
    because: Line


class SwitchForm(Form):
    because_switch: Line


class DrawForm(Form):
    because_draw: Line


class NamedShopForm(Form):
    shop: Slug
    variant: Line
    because_shop: Line
