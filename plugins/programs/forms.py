"""What is sent for tokens and keys."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kernel.i18n import _
from plugins.identity.public import Password
from web.forms import Code, Email, Form, Line, Uuid


def _something(chosen: tuple[str, ...]) -> tuple[str, ...]:
    if not chosen:
        raise ValueError(_("Choose what the key may do."))
    return chosen


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
    # Where no box is ticked nothing is sent, which is no choice either.
    scopes: Annotated[tuple[Line, ...], Field(max_length=200, validate_default=True), AfterValidator(_something)] = ()
