"""What is typed about the books."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator, model_validator

from kernel.i18n import _
from kernel.money import LARGEST
from plugins.accounting.domain.chart import AccountKind
from plugins.accounting.domain.journal import Entry
from plugins.accounting.domain.units import counted, decimals, is_metal, is_unit
from web.cursors import PageOfDays
from web.forms import Code, DateField, Form, Line, Uuid, read_number

LINES_MAX = 200

#: Typed in grams or in the currency's major unit; kept as the books count it.
Booked = Annotated[
    int | None, WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,4})?$", "examples": ["3.1875"]})
]


class EntryForm(Form):
    """One line of a journal: an amount on one of its two sides."""

    account: Uuid
    unit: Annotated[Code, Field(max_length=3)]
    debit: Booked = None
    credit: Booked = None

    @field_validator("unit")
    @classmethod
    def _known(cls, unit: str) -> str:
        if not is_unit(unit):
            raise ValueError(_("Please choose one from the list."))
        return unit

    @field_validator("debit", "credit", mode="plain")
    @classmethod
    def _read(cls, typed: object, info: ValidationInfo) -> int | None:
        unit = info.data.get("unit")
        if typed is None or unit is None:
            return None
        # A comma among grams could be a point: `4,250` is refused there and grouped in money.
        number = read_number(typed, decimals=decimals(unit), grouped=not is_metal(unit))
        if number < 0:
            raise ValueError(_("This cannot be negative."))
        amount = counted(number, unit)
        if amount > LARGEST:
            raise ValueError(_("This number is too large."))
        return amount or None

    @model_validator(mode="after")
    def _has_one_side(self) -> EntryForm:
        if (self.debit is None) == (self.credit is None):
            raise ValueError(_("Please enter a debit or a credit."))
        return self

    @property
    def entry(self) -> Entry:
        return Entry(str(self.account), self.unit, (self.debit or 0) - (self.credit or 0))


class JournalForm(Form):
    """`id` is made with the form, so that the same form sent twice is one journal."""

    id: Uuid
    day: DateField
    memo: Annotated[Line, Field(min_length=1)]
    lines: Annotated[tuple[EntryForm, ...], Field(min_length=2, max_length=LINES_MAX)]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(line.entry for line in self.lines)


class ReversalForm(Form):
    because: Annotated[Line, Field(min_length=1)]


class AccountForm(Form):
    code: Annotated[Code, Field(max_length=20)]
    name: Annotated[Line, Field(max_length=120)]
    kind: AccountKind
    is_active: bool = False


class NewAccountForm(Form):
    code: Annotated[Code, Field(max_length=20)]
    name: Annotated[Line, Field(max_length=120)]
    kind: AccountKind


class PartForm(Form):
    role: Annotated[Code, Field(max_length=120)]
    account: Uuid


class JournalQuery(PageOfDays):
    """Which journals, and which page of them."""

    number: Annotated[Code, Field(max_length=40)] = ""
    kind: Annotated[Code, Field(max_length=40)] = ""


class DaysQuery(Form):
    """A range of days, both included; without them, this month until today."""

    since: DateField | None = None
    until: DateField | None = None

    @model_validator(mode="after")
    def _in_order(self) -> DaysQuery:
        if self.since and self.until and self.since > self.until:
            raise ValueError(_("The first day is after the last."))
        return self
