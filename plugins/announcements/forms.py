"""What is typed about announcements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from kernel.digits import latin
from kernel.i18n import _
from kernel.tenancy import ShopState
from plugins.announcements.domain import Post, Severity
from web.forms import DateField, Form, Line, Paragraph, Zone


def _time(typed: object) -> time:
    if isinstance(typed, time):
        return typed
    try:
        if isinstance(typed, str):
            return time.fromisoformat(latin(typed).strip())
    except ValueError:
        pass
    raise ValueError(_("Please enter a time such as 14:30."))


def _each(sent: object) -> object:
    """One box that is ticked is a list of one."""
    return (sent,) if isinstance(sent, str) else sent


TimeField = Annotated[time, PlainValidator(_time), WithJsonSchema({"type": "string", "format": "time"})]
Names = Annotated[tuple[Line, ...], BeforeValidator(_each), Field(max_length=100)]
Title = Annotated[Line, Field(max_length=120)]


@dataclass(frozen=True, slots=True)
class Moment:
    """As the clock on a wall shows it, in a zone that is said elsewhere."""

    day: date
    time: time


class AnnouncementForm(Form):
    """Lists that are empty narrow nothing; `shops` are addresses with spaces or commas between them."""

    severity: Severity
    title_en: Title
    text_en: Paragraph
    title_fa: Title
    text_fa: Paragraph
    begins_day: DateField | None = None
    begins_time: TimeField | None = None
    ends_day: DateField | None = None
    ends_time: TimeField | None = None
    zone: Zone
    plans: Names = ()
    markets: Names = ()
    states: Annotated[tuple[ShopState, ...], BeforeValidator(_each)] = ()
    shops: Paragraph | None = None
    in_app: bool = False
    post: Post = Post.NOBODY

    @property
    def begins(self) -> Moment | None:
        return Moment(self.begins_day, self.begins_time or time()) if self.begins_day else None

    @property
    def ends(self) -> Moment | None:
        return Moment(self.ends_day, self.ends_time or time()) if self.ends_day else None

    @model_validator(mode="after")
    def _a_time_has_a_day(self) -> Self:
        if (self.begins_time and not self.begins_day) or (self.ends_time and not self.ends_day):
            raise ValueError(_("Please say on which day, too."))
        return self


class WithdrawalForm(Form):
    because: Line


class TemplateForm(Form):
    name: Annotated[Line, Field(max_length=80)]


class AcknowledgementForm(Form):
    """`next` is the page to go on with."""

    next: Line = "/announcements"


class BeginQuery(Form):
    """Which template to begin from."""

    template: Line = ""
