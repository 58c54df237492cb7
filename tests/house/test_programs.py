"""A program can do what a page does, with the same form or the same action; and every list comes a page at a time."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from datetime import timedelta
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, get_args, get_origin, get_type_hints

from kernel.contributions import Route, Scope
from kernel.plugins import Plugins
from tests.house.addresses import Address, addresses
from tests.house.conftest import Trader
from web.cursors import PageQuery
from web.listing import Listing

#: Pages that change something and that no program needs, and why. Reviewed: a new page is covered, or stands here.
FOR_PEOPLE = {
    # One's own door, look and credentials: nobody leaves these to a program.
    "identity.change_own_password": "a person's own password",
    "identity.prove": "a person shows once more that it is them",
    "identity.switch_shop": "a browser goes to another shop; a program signs in to the one it works in",
    "identity.add_app": "a person's own second factor",
    "identity.remove_app": "a person's own second factor",
    "identity.make_codes": "a person's own second factor",
    "identity.add_passkey": "a person's own second factor",
    "identity.rename_passkey": "a person's own second factor",
    "identity.remove_passkey": "a person's own second factor",
    "identity.require_second_step": "how people are let in is decided by one who has just proved themselves",
    "identity.end_session": "a person's own devices, and the programs that they signed in",
    "identity.end_other_sessions": "a person's own devices, and the programs that they signed in",
    "identity.end_all_sessions": "a person's own devices, and the programs that they signed in",
    "impersonation.escalate": "an admin in somebody's account, in a browser",
    "impersonation.leave": "an admin in somebody's account, in a browser",
    "single_sign_on.change_provider": "who vouches for people is decided by one who has proved themselves",
    "single_sign_on.remove_provider": "who vouches for people is decided by one who has proved themselves",
    "single_sign_on.end_link": "a person's own ways in",
    "programs.add_key": "keys are made by people",
    "programs.end_key_of_user": "as their person would",
    "programs.end_program_of_user": "as their person would",
    "programs.end_key": "keys are revoked by people; a program ends its own tokens with DELETE /api/v1/tokens",
    "announcements.see_announcements": "what a person has looked at",
    "announcements.acknowledge": "what a person has read and taken note of",
    "tasks.open_bell": "what a person has looked at",
    "views.keep_view": "how a person likes to look at a list",
    "views.start_with_view": "how a person likes to look at a list",
    "views.remove_view": "how a person likes to look at a list",
    # Files that somebody picks on their device and looks through.
    "inventory.bring_file": "a person looks at the bad rows; a program sends items, and learns of each what is wrong",
    "inventory.enter_file": "the second half of bringing a file",
    "shop.change_logo": "a picture that a person chooses and looks at",
}  # fmt: skip

#: One of the lists is about a place on the board; the others do not ask for it.
PLACE = {"unit": "gram", "fineness": "750"}

#: Answers with several of something that are one thing, and come whole.
WHOLE = {
    "identity.api_show_roles": "three roles",
    "pricing.api_show_rates": "a board: the newest rate of each place",
    "accounting.api_trial_balance": "a balance without some of its accounts is none",
    "pos.api_search": "the best finds for what was typed",
}


#: Lists that can be narrowed, and where programs find the same.
LISTS = {
    "/users": "/api/v1/users",
    "/books": "/api/v1/journals",
    "/audit": "/api/v1/audit",
    "/inventory": "/api/v1/items",
    "/pricing/quotes": "/api/v1/pricing/quotes",
    "/sales": "/api/v1/sales",
}
#: What people narrow these by is two fields for programs.
ALSO_CALLED = {("/sales", "text"): {"number", "phone"}}
#: Made of journals, which programs read themselves.
REPORTS = {"/books/accounts/{account}", "/books/trial-balance", "/books/trial-balance/pdf"}


def test_programs_can_do_what_pages_do(plugins: Plugins):
    api = [one for one in addresses(plugins, scope=Scope.SHOP, changes=True) if one.route.is_api]
    pages = [one for one in addresses(plugins, scope=Scope.SHOP, changes=True) if not one.route.is_api]
    missing = {name(page) for page in pages if not any(does_the_same(page, other) for other in api)}
    reviewed = FOR_PEOPLE.keys() & {name(page) for page in pages}
    assert (missing - reviewed, reviewed - missing) == (set(), set())


def test_what_programs_do_asks_for_what_the_page_asks_for(plugins: Plugins):
    """The same form behind a weaker permission would be a way around."""
    api = [one for one in addresses(plugins, scope=Scope.SHOP, changes=True) if one.route.is_api]
    for page in addresses(plugins, scope=Scope.SHOP, changes=True):
        if not page.route.is_api and page.route.form is not None:
            for other in api:
                if other.route.form is page.route.form:
                    asked = [page.route.permission, page.route.sensitive and other.route.sensitive]
                    assert [other.route.permission, other.route.sensitive and page.route.sensitive] == asked, name(
                        other
                    )


def test_a_key_is_offered_what_a_program_can_use_and_nothing_else(plugins: Plugins, ours: Trader):
    """What an address of the API asks for, itself or on the way; not what only pages ask for, or who proves it."""
    useful: set[str] = set()
    for address in addresses(plugins, scope=Scope.SHOP):
        if address.route.is_api and not address.route.sensitive:
            useful |= {address.route.permission.name} if address.route.permission else set()
            useful |= asked_on_the_way(address.route.endpoint, set())
    assert {"pos.discount", "inventory.see_cost"} <= useful
    page = ours.owner.get("/account/keys").text
    assert set(re.findall(r'name="scopes\[\]" value="([\w.]+)"', page)) == useful


def test_every_list_comes_a_page_at_a_time(plugins: Plugins):
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        route = address.route
        if route.is_api and not address.names and has_rows(route.answers) and name(address) not in WHOLE:
            assert is_paged(route), name(address)
            assert get_type_hints(route.answers)["next"] == str | None, name(address)


def test_programs_narrow_a_list_by_all_that_people_do(plugins: Plugins, ours: Trader, monkeypatch):
    filters: dict[str, tuple[str, ...]] = {}
    asked = Listing.asked

    def noted(path: str, *_asked: Any, **kinds: Any) -> Listing:
        filters[path] = kinds.get("filters", ())
        return asked(path, *_asked, **kinds)

    monkeypatch.setattr(Listing, "asked", noted)
    api = {one.route.path: one.route for one in addresses(plugins, scope=Scope.SHOP, changes=False) if one.route.is_api}
    narrowed = set()
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        route = address.route
        if route.is_api or route.exports or route.path in REPORTS:
            continue
        here = address.at(ours.belongings.of(ours.owner, address) or {}) if address.ids else route.path
        filters.clear()
        ours.owner.get(here)
        if wanted := filters.get(here, ()):
            narrowed.add(route.path)
            # A span with a name, such as this month, is for people: a program says the days.
            names = set().union(*(ALSO_CALLED.get((route.path, one), {one}) for one in wanted if one != "period"))
            query = api[LISTS[route.path]].query
            assert query is not None
            assert names - query.model_fields.keys() == set(), route.path
    assert narrowed == LISTS.keys()


def test_days_narrow_each_list_that_has_them(plugins: Plugins, ours: Trader, clock, subtests):
    today = clock.now().date()
    days = [one for one in addresses(plugins, scope=Scope.SHOP, changes=False) if has_days(one.route)]
    assert {"/api/v1/sales", "/api/v1/audit"} <= {one.route.path for one in days}
    for address in days:
        with subtests.test(str(address)):
            everything, _next = rows(ours, address)
            asked = {"since": str(today - timedelta(days=365)), "until": str(today)}
            assert (everything, rows(ours, address, **asked)[0]) == (everything, everything)
            assert everything
            assert rows(ours, address, since=str(today + timedelta(days=1)))[0] == []
            assert rows(ours, address, until=str(today - timedelta(days=365)))[0] == []


def test_pages_of_a_list_are_the_list(plugins: Plugins, ours: Trader, clock, subtests):
    """Asked for in small pieces it is the same, each row once and in the same order."""
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        if address.route.is_api and is_paged(address.route):
            with subtests.test(str(address)):
                whole, _following = rows(ours, address, limit="20")
                pieces, following = rows(ours, address, limit="7")
                while following is not None and len(pieces) < len(whole):
                    more, following = rows(ours, address, limit="7", after=following)
                    pieces += more
                assert pieces[:20] == whole


def test_a_cursor_that_we_never_gave_is_refused(plugins: Plugins, ours: Trader, clock, subtests):
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        if address.route.is_api and is_paged(address.route):
            for cursor in ("1", "bm90aGluZw", "WyJhIiwiYiJd", "W10", "x" * 400, "[]", "سکه"):
                with subtests.test(str(address), cursor=cursor):
                    answer = ours.owner.get(address.route.path, params={**PLACE, "after": cursor})
                    assert answer.status_code < 500
                    if answer.status_code == 400:
                        assert list(answer.json()["fields"]) == ["after"]


def rows(trader: Trader, address: Address, **query: str) -> tuple[list[Any], str | None]:
    """One page of a list, and the cursor of the next."""
    answer = trader.owner.get(address.route.path, params={**PLACE, **query})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return next(value for value in body.values() if isinstance(value, list)), body["next"]


def name(address: Address) -> str:
    return f"{address.plugin}.{address.route.name}"


def is_paged(route: Route) -> bool:
    return isinstance(route.query, type) and issubclass(route.query, PageQuery)


def has_days(route: Route) -> bool:
    return route.is_api and is_paged(route) and "since" in route.query.model_fields  # type: ignore[union-attr]


def has_rows(answers: Any) -> bool:
    """Does it answer several of something?"""
    hints = get_type_hints(answers) if is_dataclass(answers) else {}
    return any(get_origin(hint) is list and is_dataclass(get_args(hint)[0]) for hint in hints.values())


def does_the_same(page: Address, other: Address) -> bool:
    if page.plugin != other.plugin:
        return False
    same_form = page.route.form is not None and other.route.form is page.route.form
    return same_form or bool(doings(page.route.endpoint) & doings(other.route.endpoint))


@cache
def doings(endpoint: Callable[..., Any]) -> frozenset[tuple[str, str]]:
    """The actions that an endpoint calls, itself or through the functions beside it."""
    return frozenset(_doings(inspect.unwrap(endpoint), set()))


def _doings(function: Any, seen: set[Any]) -> Iterator[tuple[str, str]]:
    if function in seen or not isinstance(function, FunctionType):
        return
    seen.add(function)
    for found in _called(function):
        module = found.__module__
        if ".actions" in module or module.endswith((".store", ".jobs", "kernel.work")):
            yield module, found.__qualname__
        elif module == function.__module__ or (".pages" in module and "plugins." in module):
            yield from _doings(found, seen)


def asked_on_the_way(function: Callable[..., Any], seen: set[Any]) -> set[str]:
    """The permissions that a function, or one that it calls, looks for in whoever is at work: `may(SEE_COST.name)`."""
    if function in seen or not isinstance(function, FunctionType) or not function.__module__.startswith("plugins."):
        return set()
    seen.add(function)
    names = re.findall(r"\.may\((\w+)\.name\)", inspect.getsource(function))
    return {function.__globals__[name].name for name in names}.union(
        *(asked_on_the_way(called, seen) for called in _called(function))
    )


def _called(function: FunctionType) -> Iterator[FunctionType]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        found: Any = None
        if isinstance(node, ast.Name):
            found = function.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = function.__globals__.get(node.value.id)
            found = getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
        if isinstance(found, FunctionType):
            yield found
