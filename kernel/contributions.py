"""What a plugin gives to the house, as plain data. `kernel/hooks.py` says when each is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


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
    """Something a role may or may not do. `roles` have it until an owner decides otherwise."""

    name: str
    title: str
    roles: tuple[str, ...] = ("owner", "manager")


class Scope(StrEnum):
    """For whom a route opens a unit of work."""

    SHOP = "shop"
    PLATFORM = "platform"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Route:
    """An address and what answers it; `web/routing.py` says how an endpoint is called.

    `again` is the endpoint that shows the form once more when what was sent to this one is refused. `answers` is the
    type of what an address under /api/ returns, `status` the code of its success.
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

    @property
    def name(self) -> str:
        """The endpoint's name; with its plugin in front it is what `url_for` takes: `inventory.show_piece`."""
        return self.endpoint.__name__

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def changes(self) -> bool:
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the side bar, shown to those who have the permission. Smaller `order` stands higher.

    What concerns only oneself stands in the `person`'s own menu instead.
    """

    title: str
    path: str
    icon: str
    permission: Permission | None
    order: int = 500
    scope: Scope = Scope.SHOP
    place: Literal["side", "person"] = "side"


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
    """A card on Today. `show(uow)` returns what its template needs; both run only where the plugin is on."""

    name: str
    title: str
    template: str
    show: Callable[..., Mapping[str, Any]]
    permission: Permission | None
    order: int = 500


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of another plugin's page. `place` is the name the page gives, e.g. `inventory.piece`."""

    place: str
    template: str
    show: Callable[..., Mapping[str, Any]]
    permission: Permission | None
    order: int = 500


@dataclass(frozen=True, slots=True)
class Report:
    """A ready report: `rows(uow, **filters)` for page, CSV and PDF alike."""

    name: str
    title: str
    rows: Callable[..., Any]
    permission: Permission | None
    filters: type[Any] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A contribution with the name of the plugin it came from: what every filter by a shop's set looks at."""

    plugin: str
    value: Any = field(repr=False)
