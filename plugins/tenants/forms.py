"""What is typed about shops."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kernel.i18n import _
from kernel.money import DECIMALS
from kernel.plans import Cycle
from web.forms import AmountOrZero, CountField, CountOrZero, DateField, Email, Form, Line, Slug, Zone


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
    zone: Zone | None = None
    calendar: Literal["gregorian", "jalali"] | None = None
    #: The last day of a trial; without one the shop pays from the beginning.
    trial_until: DateField | None = None


class ShopForm(Form):
    """Market and currency only as long as nothing was booked in them."""

    name: Annotated[Line, Field(max_length=80)]
    slug: Annotated[Slug, Field(min_length=2)]
    language: Literal["en", "fa"]
    zone: Zone
    calendar: Literal["gregorian", "jalali"]
    market: Line | None = None
    currency: Currency | None = None


class PlanQuery(Form):
    plan: Line = ""


class SuspensionForm(Form):
    because: Line


class TrialForm(Form):
    until: DateField


class DeletionForm(Form):
    """`name` is typed once more, so that no other shop is meant."""

    because: Line
    name: Line


class PlanForm(Form):
    plan: Line


class GrantForm(Form):
    """Beside the plan: why, and on which day of the shop it ends."""

    because: Line = ""
    until: DateField | None = None


class LimitForm(Form):
    """Without a number there is no limit."""

    limit: Literal["items", "users", "branches"]
    number: CountOrZero | None = None
    because: Line
    until: DateField | None = None


class LimitsForm(Form):
    """What is left empty is not limited."""

    items: CountField | None = None
    users: CountField | None = None
    branches: CountField | None = None


class TermsForm(Form):
    """What a plan has and costs."""

    title: Annotated[Line, Field(max_length=60)]
    price: AmountOrZero
    currency: Currency
    cycle: Cycle
    limits: LimitsForm = LimitsForm()
    plugins: tuple[Line, ...] = ()


class NewPlanForm(TermsForm):
    name: Slug


class PlanTermsForm(TermsForm):
    """`version` is the one that was seen. `everyone`: also the shops that are on it pay the new price."""

    version: CountField
    everyone: bool = False
