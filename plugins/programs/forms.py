"""What is sent for tokens and keys."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from plugins.identity.public import Password
from web.forms import Code, Email, Form, Line, Uuid


class TokensForm(Form):
    """`code` where the person has a second factor; `shop` where they work in several; `program` is shown to them."""

    email: Email
    password: Password
    code: Annotated[Code, Field(max_length=20)] | None = None
    shop: Uuid | None = None
    program: Annotated[Line, Field(max_length=60)] | None = None


class RefreshForm(Form):
    refresh_token: Annotated[str, Field(max_length=100)]


class KeyForm(Form):
    """`scopes` are names of permissions; a key has those of them that its person has when it is used."""

    name: Annotated[Line, Field(max_length=60)]
    days: Literal["30", "90", "365"] = "90"
    scopes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=200)] = ()
