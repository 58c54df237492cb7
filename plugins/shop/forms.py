"""What is typed about the shop itself."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from kernel.i18n import _
from web.forms import Code, Email, Form, Line, Paragraph, UploadField


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("Please enter a time zone such as Asia/Tehran."))
    return name


Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
ShortText = Annotated[Line, Field(max_length=80)]
LongText = Annotated[Paragraph, Field(max_length=400)]
#: A text for each language, from fields such as `addresses[fa]`.
ShortTexts = Annotated[dict[Language, ShortText], Field(max_length=20)]
LongTexts = Annotated[dict[Language, LongText], Field(max_length=20)]

NO_TEXTS: dict[Language, str] = {}


class ShopForm(Form):
    name: ShortText
    language: Literal["en", "fa"]
    calendar: Literal["gregorian", "jalali"]
    zone: Annotated[Line, AfterValidator(_zone)]
    names: ShortTexts = NO_TEXTS
    headings: LongTexts = NO_TEXTS
    addresses: LongTexts = NO_TEXTS
    hours: LongTexts = NO_TEXTS
    phones: LongText = ""
    email: Email | None = None
    website: Annotated[Line, Field(max_length=120)] = ""
    tax_number: Code = ""


class LogoForm(Form):
    logo: UploadField
