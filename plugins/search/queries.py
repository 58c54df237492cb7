"""Finding pages by their names, and asking every plugin for what it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kernel.contributions import Entry, Found, Given, Scope, Search
from kernel.digits import latin
from kernel.i18n import _
from kernel.plugins import Plugins
from kernel.tenancy import Actor
from kernel.text import search_key
from kernel.uow import PlatformWork, UnitOfWork

#: As many of each kind as one looks at; who wants more asks the list itself.
MOST_FOUND = 5
MOST_PAGES = 6
#: One letter is the beginning of everything; one figure may be a whole number of a sale.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    title: str
    found: Sequence[Found]


def pages_called(entries: Iterable[Entry], text: str) -> list[Found]:
    """The pages whose names have words that begin so, in the reader's language or in English; all for no text."""
    # What stands in two places is one page.
    once = {(entry.title, entry.path): entry for entry in entries}.values()
    wanted = search_key(text).split()
    named = ((search_key(f"{_(entry.title)} {entry.title}").split(), entry) for entry in once)
    called = [entry for words, entry in named if all(any(word.startswith(each) for word in words) for each in wanted)]
    return [Found(_(entry.title), (), entry.path, entry.icon) for entry in called]


def found_in_shop(uow: UnitOfWork, text: str) -> list[Group]:
    """What the shop's plugins find for this person."""
    on = (given for given in uow.plugins.given("searches") if given.plugin in uow.shop.plugins)
    return _found(uow, uow.plugins, _open_to(uow.actor, on, Scope.SHOP), text)


def found_on_platform(work: PlatformWork, plugins: Plugins, text: str) -> list[Group]:
    return _found(work, plugins, _open_to(work.actor, plugins.given("searches"), Scope.PLATFORM), text)


def _open_to(actor: Actor, given: Iterable[Given], scope: Scope) -> list[Search]:
    searches = [each.value for each in given if each.value.scope is scope]
    allowed = [each for each in searches if each.permission is None or actor.may(each.permission.name)]
    return sorted(allowed, key=lambda search: search.order)


def _found(work: UnitOfWork | PlatformWork, plugins: Plugins, searches: Sequence[Search], text: str) -> list[Group]:
    typed = latin(text)
    if len(typed) < SHORTEST and not typed.isdecimal():
        return []
    groups = (Group(_(each.title), plugins.bound(each.find)(work, typed, MOST_FOUND)) for each in searches)
    return [group for group in groups if group.found]
