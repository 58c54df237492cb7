"""Facts that plugins tell each other, and who listens.

An event is a frozen dataclass that derives from `Event`; its class name is part of a public contract: fields are
added with defaults and never renamed, because stored events outlive the code that wrote them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from pydantic import TypeAdapter

Handler = Callable[..., None]
AnyHandler = TypeVar("AnyHandler", bound=Handler)


class Event:
    """Something that happened, named in the past tense."""

    __slots__ = ()
    known: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # dataclass(slots=True) makes the class a second time under the same name: the later one counts.
        Event.known[cls.__name__] = cls


def _adapter(kind: type[Event]) -> TypeAdapter[Event]:
    if kind.__name__ not in _adapters:
        _adapters[kind.__name__] = TypeAdapter(kind)
    return _adapters[kind.__name__]


_adapters: dict[str, TypeAdapter[Event]] = {}


def to_plain(event: Event) -> dict[str, Any]:
    """The event as JSON-ready data, for the outbox."""
    plain: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return plain


def from_plain(name: str, plain: dict[str, Any]) -> Event:
    """The event again, from the outbox. Raises KeyError for an event that no installed plugin declares."""
    return _adapter(Event.known[name]).validate_python(plain)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler's wish to be told. Without `after_commit` it runs inside the publisher's transaction and may refuse."""

    event: type[Event]
    handler: Handler
    after_commit: bool

    @property
    def name(self) -> str:
        """What the outbox calls it; stays the same when the function moves between modules of its plugin."""
        return f"{self.event.__name__}:{self.handler.__name__}"


def on(event: type[Event], *, after_commit: bool = False) -> Callable[[AnyHandler], AnyHandler]:
    """Mark `handler(uow, event, *ports)` as a listener. A plugin lists its handlers in `subscriptions`."""

    def mark(handler: AnyHandler) -> AnyHandler:
        handler.__subscription__ = Subscription(event, handler, after_commit)  # type: ignore[attr-defined]
        return handler

    return mark


@dataclass(frozen=True, slots=True)
class ShopOpened(Event):
    """A new shop exists. Plugins put down what a shop needs from its first minute."""

    name: str


@dataclass(frozen=True, slots=True)
class PluginEnabled(Event):
    """A plugin is on for this shop, now or again. Told to that plugin, too."""

    plugin: str


@dataclass(frozen=True, slots=True)
class PluginDisabled(Event):
    """A plugin was switched off for this shop; its data stays."""

    plugin: str
