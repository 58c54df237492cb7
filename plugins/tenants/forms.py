"""What is typed about shops."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from kernel.i18n import _
from kernel.money import DECIMALS
from kernel.plans import Cycle
from web.forms import AmountOrZero, CountField, Email, Form, Line, Slug


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Please enter a time zone such as Asia/Tehran."))
    return name


def _currency(code: str) -> str:
    if code not in DECIMALS:
        raise ValueError(_("Please choose one from the list."))
    return code


Currency = Annotated[Line, AfterValidator(_currency)]


class NewShopForm(Form):
    """What is left out follows the market."""

    name: Annotated[Line, Field(max_length=80)]
    slug: Annotated[Slug, Field(min_length=2)]
    market: Line
    plan: Line
    owner_name: Annotated[Line, Field(max_length=80)]
    owner_email: Email
    currency: Currency | None = None
    language: Literal["en", "fa"] | None = None
    zone: Annotated[Line, AfterValidator(_zone)] | None = None
    calendar: Literal["gregorian", "jalali"] | None = None


class SuspensionForm(Form):
    because: Line


class PlanForm(Form):
    plan: Line


class LimitsForm(Form):
    """What is left empty is not limited."""

    items: CountField | None = None
    users: CountField | None = None
    branches: CountField | None = None


class PlanTermsForm(Form):
    """What a plan has and costs. `everyone`: also the shops that are on it pay the new price."""

    title: Annotated[Line, Field(max_length=60)]
    price: AmountOrZero
    currency: Currency
    cycle: Cycle
    limits: LimitsForm = LimitsForm()
    plugins: tuple[Line, ...] = ()
    everyone: bool = False


class NewPlanForm(PlanTermsForm):
    name: Slug
