"""What is typed about shops."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from kernel.i18n import _
from kernel.money import DECIMALS
from web.forms import Email, Form, Line, Slug


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Please enter a time zone such as Asia/Tehran."))
    return name


def _currency(code: str) -> str:
    if code not in DECIMALS:
        raise ValueError(_("Please choose one from the list."))
    return code


class NewShopForm(Form):
    """What is left out follows the market."""

    name: Annotated[Line, Field(max_length=80)]
    slug: Annotated[Slug, Field(min_length=2)]
    market: Line
    plan: Line
    owner_name: Annotated[Line, Field(max_length=80)]
    owner_email: Email
    currency: Annotated[Line, AfterValidator(_currency)] | None = None
    language: Literal["en", "fa"] | None = None
    zone: Annotated[Line, AfterValidator(_zone)] | None = None
    calendar: Literal["gregorian", "jalali"] | None = None


class SuspensionForm(Form):
    because: Line


class PlanForm(Form):
    plan: Line
