"""Who looks at a page: from which shop, in which language and calendar, and what stands around every page for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal

from markupsafe import Markup
from starlette.requests import Request

from kernel import i18n
from kernel.calendars import Calendar
from kernel.contributions import Entry
from kernel.tenancy import Place
from web.formats import Formats, direction
from web.forms import NO_DRAFT, Draft

LANGUAGES = (("en", "English"), ("fa", "فارسی"))

NoticeKind = Literal["ok", "info", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what just happened, shown once; `undo` is the address that takes it back."""

    sentence: str
    kind: NoticeKind = "ok"
    undo: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What every page knows without asking: who looks, from which shop, in which language. Set once per request."""

    language: str = i18n.SOURCE_LANGUAGE
    calendar: Calendar = Calendar.GREGORIAN
    #: The day a week begins with, Monday is 0.
    week_begins: int = 0
    zone: tzinfo = UTC
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    currency: str = "USD"
    shop: str = ""
    person: str = ""
    #: Shop and person without a name: what a page keeps in the browser is shown to nobody else.
    who: str = ""
    #: Everywhere they may go without signing in again, here included.
    places: Sequence[Place] = ()
    navigation: Sequence[Entry] = ()
    menu: Sequence[Entry] = ()
    path: str = "/"
    csrf: str = ""
    notices: Sequence[Notice] = ()
    unread: int = 0
    theme: Literal["system", "light", "dark"] = "system"
    folded: bool = False
    platform: bool = False
    impersonation: str = ""
    #: Why nothing can be changed here; empty where it can.
    closed: str = ""
    languages: Sequence[tuple[str, str]] = LANGUAGES
    #: Addresses of pages that only some installations have; where empty, the frame leaves the place free.
    live: str = ""
    search: str = ""
    bell: str = ""
    preferences: str = ""
    sign_out: str = ""
    leave: str = ""
    escalate: str = ""
    #: What plugins add to a place of the frame, asked when the page is made.
    added: Callable[[str], Sequence[Markup]] = lambda _place: ()

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def formats(self) -> Formats:
        return Formats(self.language, self.calendar, self.zone, self.now)

    @property
    def home(self) -> str:
        """Where the name of the house leads: to Today in a shop, to the first page of the platform there."""
        return self.navigation[0].path if self.platform and self.navigation else "/"

    def is_here(self, entry: Entry) -> bool:
        """Does this line of the side bar lead to the page at hand, or of all lines the closest to it?"""
        above = [one.path for one in self.navigation if self._is_below(one.path)]
        return self._is_below(entry.path) and len(entry.path) == max(map(len, above), default=0)

    def _is_below(self, path: str) -> bool:
        # Everything is below the first page, so nothing is.
        return self.path == path or (path != self.home and self.path.startswith(f"{path.rstrip('/')}/"))


@dataclass(frozen=True, slots=True)
class Showing:
    """What templates may ask about the page they are making."""

    view: View
    formats: Formats
    draft: Draft
    request: Request | None
    labels: dict[str, str] = field(default_factory=dict)


_showing: ContextVar[Showing] = ContextVar("showing")


@contextmanager
def showing(view: View, *, draft: Draft = NO_DRAFT, request: Request | None = None) -> Iterator[None]:
    """Inside the block templates and texts speak to the person of this view."""
    token = _showing.set(Showing(view, view.formats, draft, request))
    try:
        with i18n.speaking(view.language):
            yield
    finally:
        _showing.reset(token)


def shown_now() -> Showing:
    """The page that is being made. LookupError outside of `showing`."""
    return _showing.get()
