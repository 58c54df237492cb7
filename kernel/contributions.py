"""What a plugin gives to the house, as plain data. `kernel/hooks.py` says when each is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's own description.

    `requires`: plugins whose `public` it calls; they are enabled together. `listens`: plugins whose events it hears
    where both are on. `platform`: not switchable; part of every shop.
    """

    name: str
    title: str
    summary: str
    requires: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()
    platform: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """Something a role may or may not do. `roles` have it until an owner decides otherwise.

    What a `whole_shop` permission opens is about all branches, also for whoever is limited to some.
    """

    name: str
    title: str
    roles: tuple[str, ...] = ("owner", "manager")
    whole_shop: bool = False


class Scope(StrEnum):
    """For whom a route opens a unit of work."""

    SHOP = "shop"
    PLATFORM = "platform"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Route:
    """An address and what answers it; `web/routing.py` says how an endpoint is called.

    `again` is the endpoint that shows the form once more when what was sent to this one is refused. `answers` is the
    type of what an address under /api/ returns, `status` the code of its success. `own` concerns whoever
    asks and nobody else: it stays open in a shop where nothing may be changed. `impersonating`: may an admin who acts
    in somebody's account? `True` even when they only look, `False` never; `None` leaves it to `web/impersonation.py`.
    What is `sensitive` is done by who has shown a password or a factor in the last minutes: see `web/proof.py`.
    `file` is the media type of what an address under /api/ answers with 200 where it answers a file. `whose` finds the
    person to whom what is sent to a PUBLIC address of the API belongs: it counts as theirs, not as the network's.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    endpoint: Callable[..., Any]
    permission: Permission | None
    scope: Scope
    form: type[Any] | None = None
    query: type[Any] | None = None
    again: Callable[..., Any] | None = None
    answers: Any = None
    status: int = 200
    own: bool = False
    impersonating: bool | None = None
    sensitive: bool = False
    file: str | None = None
    whose: Callable[..., Any] | None = None

    @property
    def name(self) -> str:
        """The endpoint's name; with its plugin in front it is what logs and figures call it: `inventory.show_piece`."""
        return self.endpoint.__name__

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    @property
    def exports(self) -> bool:
        return not self.changes and self.path.endswith("/export")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the side bar, shown to those who have the permission. Smaller `order` stands higher.

    What concerns only oneself stands in the `person`'s own menu instead; what a shop decides once, on its `settings`
    page. To where one only wants to `jump`, such as a form for something new, is found by searching; what one
    begins a dozen times a day is `quick`: it stands on Today, too. At the `door` stand other ways to come in, with the
    scope PUBLIC. `detail` says on the settings page what is found there.
    """

    title: str
    path: str
    icon: str
    permission: Permission | None
    order: int = 500
    scope: Scope = Scope.SHOP
    place: Literal["side", "person", "settings", "jump", "quick", "door"] = "side"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of the shop. `read` turns what was typed into the stored value or raises ValueError with a sentence."""

    name: str
    title: str
    help: str
    default: Any
    read: Callable[[str], Any]
    choices: tuple[tuple[str, str], ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Widget:
    """A part of Today. `show(uow)` returns what its template needs, or None when there is nothing to say now.

    `size` is its place: a `notice` on top, the day's `figures` (each a `ui.stat`) below it, a `wide` card with a chart
    or a list, a narrow `card` beside those; among its like, smaller `order` stands higher. It is shown anew when one of
    the `live` topics was signalled (`uow.signal`). Asked only where the plugin is on.
    """

    name: str
    title: str
    template: str
    show: Callable[..., Mapping[str, Any] | None]
    permission: Permission | None
    order: int = 500
    size: Literal["notice", "figures", "wide", "card"] = "card"
    live: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of another plugin's page. `place` is the name the page gives, e.g. `inventory.piece`.

    `show(uow, **about)` returns what its template needs, or None when there is nothing to say now. On the platform's
    pages (`scope`) it is called as `show(**about)`.
    """

    place: str
    template: str
    show: Callable[..., Mapping[str, Any] | None]
    permission: Permission | None
    order: int = 500
    scope: Scope = Scope.SHOP


@dataclass(frozen=True, slots=True)
class Report:
    """A ready report: `rows(uow, **filters)` for page, CSV and PDF alike."""

    name: str
    title: str
    rows: Callable[..., Any]
    permission: Permission | None
    filters: type[Any] | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list as a person keeps it: `query` is what follows its path in the address."""

    id: UUID
    name: str
    query: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class ViewKeeper:
    """Keeps views of lists. `kept(uow, path)` answers those of the person at hand; `address` takes new ones."""

    kept: Callable[..., Sequence[SavedView]]
    address: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a program was answered when it sent a change with a key of its own; `body` is JSON."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class AnswerKeeper:
    """Keeps what changes of the API answered, so that one that is sent twice is made once.

    `kept(uow, key, said)` finds the answer to the same key of the person at hand, or refuses: `said` is a hash of what
    is sent, and other content needs another key. `keep(uow, key, said, answer)` is told in the change's transaction.
    """

    kept: Callable[..., KeptAnswer | None]
    keep: Callable[..., None]


@dataclass(frozen=True, slots=True)
class BellLine:
    """Something to tell the person at hand: a sentence in their language, and where it leads.

    Without `at` it is a warning that stands until it is mended. With `total` it is under way, and shows a bar.
    """

    sentence: str
    address: str
    icon: str
    kind: str = ""
    detail: str = ""
    at: datetime | None = None
    is_new: bool = False
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Bell:
    """What a plugin tells in the bell of the top bar: `lines(uow)`, asked when somebody opens it.

    How many are new for this person is asked with every page. `count_sql` is cheap SQL for one number, in which
    `%(person)s` is who asks: that of all plugins is one statement. `count(uow)` is for what needs none.
    `see(uow)` is told when they have looked.
    """

    name: str
    lines: Callable[..., Sequence[BellLine]]
    count: Callable[..., int] | None = None
    count_sql: str = ""
    see: Callable[..., None] | None = None
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was searched for: its name, what tells it from others of that name, and where it is shown."""

    title: str
    detail: tuple[str, ...]
    address: str
    icon: str


@dataclass(frozen=True, slots=True)
class Search:
    """What a plugin finds when somebody types into the search of every page.

    `find(uow, text, limit)` answers at most `limit` of what the person may see, the best first; it is asked while they
    type, so it goes along an index. With the platform's scope it is called with its unit of work.
    """

    name: str
    title: str
    permission: Permission | None
    find: Callable[..., Sequence[Found]]
    order: int = 500
    scope: Scope = Scope.SHOP


@dataclass(frozen=True, slots=True)
class Given:
    """A contribution with the name of the plugin it came from: what every filter by a shop's set looks at."""

    plugin: str
    value: Any = field(repr=False)
