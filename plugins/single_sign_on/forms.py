"""What is typed about a shop's provider."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from kernel.i18n import _
from web.forms import Form, Line, Slug


def _issuer(typed: str) -> str:
    parts = urlsplit(typed)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(_("Please enter the provider’s whole address, as it stands in a browser."))
    return typed


def _domains(typed: str) -> str:
    for domain in domains_in(typed):
        if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", domain):
            raise ValueError(_("Please enter domains of e-mail addresses, with commas between them."))
    return typed


def domains_in(typed: str) -> tuple[str, ...]:
    found = (word.lstrip("@").lower() for word in re.split(r"[\s,;،]+", typed))
    return tuple(dict.fromkeys(word for word in found if word))


class ProviderForm(Form):
    """Without a `secret` the one that is kept stays."""

    issuer: Annotated[Line, AfterValidator(_issuer)]
    client_id: Line
    secret: Annotated[Line, Field(max_length=1000)] | None = None
    title: Annotated[Line, Field(max_length=40)] | None = None
    domains: Annotated[Line, AfterValidator(_domains)] | None = None
    newcomers: Literal["nobody", "employee", "manager"] = "nobody"
    own_ways: bool = False
    is_on: bool = False


class WhichShopForm(Form):
    shop: Slug


class AnswerQuery(Form):
    """What a provider sends back with the browser. Any of it may be missing, or be anything."""

    state: str = ""
    code: str = ""
    iss: str | None = None
    error: str | None = None


class GoQuery(Form):
    purpose: Literal["enter", "prove", "link", "try"] = "enter"
    next: Line = "/"
