"""What is sent when a person keeps a list as it stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.forms import Form, Line


class ViewForm(Form):
    """`list` and `query` come from the page itself: a path of this site, and the address's part behind it."""

    list: Annotated[str, Field(pattern=r"^(/[a-z0-9-]+)+$", max_length=200)]
    query: Annotated[str, Field(pattern=r"^[!-\[\]-~]*$", max_length=2000)] = ""
    name: Annotated[Line, Field(max_length=40)]
    is_default: bool = False
