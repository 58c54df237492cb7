"""What is typed about the shop itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.forms import Code, Email, Form, Line, Paragraph, UploadField, Zone

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
    zone: Zone
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
