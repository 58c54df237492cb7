"""What `ui.choose` finds while somebody types, where the choices are too many to stand in the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import islice

from starlette.responses import JSONResponse

#: As many as one looks through; whoever does not find it types one letter more.
CHOICES_MAX = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One of many: the value that is sent, the words that are read, and what helps to tell it from another."""

    value: str
    words: str
    detail: str = ""


def offered(choices: Iterable[Choice]) -> JSONResponse:
    """The answer of a `source`, asked with `?text=…`; asked with no text it offers the likeliest."""
    return JSONResponse([asdict(choice) for choice in islice(choices, CHOICES_MAX)])
