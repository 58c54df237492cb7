"""A plugin that is off is off everywhere: no address, job, handler, schedule, menu entry, card or part of a page.

On again, all that was there is there. Nothing is restarted; another process sees it with its next unit of work.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from starlette.applications import Starlette

from kernel.clock import SetClock
from kernel.contributions import Given, Scope
from kernel.events import Event
from kernel.plugins import Plugins
from kernel.scheduler import _slot, _start
from kernel.tables import outbox
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.tenants.domain.plugin import PluginAlwaysOn
from plugins.tenants.public import switch_off, switch_on
from tests.conftest import NOW, deliver
from tests.house.addresses import Address, addresses, everything, owner_of_widget
from tests.house.conftest import Trader
from tests.house.typed import filled, send
from tests.kernel.test_event_samples import example
from tests.plugins.browser import Browser
from tests.rows import Superuser
from web.app import build
from web.house import House

#: Tables that note the switching itself.
NOTES_OF_SWITCHING = {"outbox", "audit_entries", "audit_changes", "audit_heads"}


@dataclass(slots=True)
class Calls:
    """Whose code ran: (plugin, what)."""

    made: list[tuple[str, str]] = field(default_factory=list)

    def noting(self, plugin: str, what: str, function: Callable[..., Any], answer: Any = None) -> Callable[..., Any]:
        """Note the call. With `answer` nothing else happens; without, the function runs as well."""

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            self.made.append((plugin, what))
            return function(*args, **kwargs) if answer is None else answer()

        return called

    def of(self, plugins: Iterable[str]) -> set[tuple[str, str]]:
        found = {call for call in self.made if call[0] in plugins}
        self.made.clear()
        return found


@pytest.fixture(scope="module")
def calls() -> Calls:
    return Calls()


@pytest.fixture(scope="module")
def watched(plugins: Plugins, calls: Calls) -> Plugins:
    """The same plugins, with everything they would be called for noted; handlers and jobs do no more than that."""

    def nothing() -> None:
        return None

    def shown(given: Given) -> Given:
        show = calls.noting(given.plugin, f"card or part {given.value}", given.value.show)
        return Given(given.plugin, replace(given.value, show=show))

    noted = copy.copy(plugins)
    noted._given = dict(plugins._given) | {
        hook: tuple(map(shown, plugins.given(hook))) for hook in ("widgets", "slots")
    }
    noted._bound = {}
    noted._listeners = {
        event: tuple(replace(one, call=calls.noting(one.plugin, one.name, one.call, nothing)) for one in listeners)
        for event, listeners in plugins._listeners.items()
    }
    noted._workers = {
        name: replace(worker, call=calls.noting(worker.plugin, f"job {name}", worker.call, nothing))
        for name, worker in plugins._workers.items()
    }
    return noted


@pytest.fixture(scope="module")
def other_process(engines: tuple[Engine, Engine], watched: Plugins) -> Database:
    return Database(*engines, SetClock(NOW), watched)


@pytest.fixture(scope="module")
def other_app(other_process: Database, watched: Plugins) -> Starlette:
    return build(House(other_process, watched, "localhost", production=False, threads=8, ready=list))


@pytest.fixture(scope="module")
def trader(open_trader: Callable[[str, str], Trader]) -> Trader:
    return open_trader("IR", "shiraz")


@pytest.fixture
def there(trader: Trader, other_app: Starlette) -> Browser:
    """The owner at the other process."""
    browser = Browser(other_app)
    browser.client.cookies.update(trader.owner.client.cookies)
    return browser


def off_with(database: Database, shop: Shop, actor: Actor, name: str) -> list[str]:
    """Switch the plugin off, and before it all that need it. Answers which, itself first."""
    with database.for_shop(shop.id, actor) as uow:
        needing = uow.plugins.needing(name, uow.shop.plugins)
        for one in (*reversed(needing), name):
            switch_off(uow, one)
    return [name, *needing]


def on_with(database: Database, shop: Shop, actor: Actor, names: list[str]) -> None:
    with database.for_shop(shop.id, actor) as uow:
        for name in names:
            switch_on(uow, name)


def statuses(browser: Browser, trader: Trader, some: list[Address]) -> dict[str, int]:
    """How each address that only reads answers."""
    reading = [address for address in some if not address.route.changes]
    return {
        str(address): browser.get(address.at(trader.belongings.probably(address.ids))).status_code
        for address in reading
    }


def test_a_plugin_that_is_off_is_off_everywhere_and_on_again_all_is_there(
    each_plugin, plugins, database, other_process, trader, there, actor, clock, calls, past_all_rules, subtests
):
    if plugins.by_name[each_plugin].manifest.platform:
        with pytest.raises(PluginAlwaysOn), database.for_shop(trader.shop.id, actor) as uow:
            switch_off(uow, each_plugin)
        return
    theirs = addresses(plugins, scope=Scope.SHOP)
    before = statuses(trader.owner, trader, theirs)
    whole = kept(past_all_rules, trader.shop)
    everyone = all_work(other_process, trader.shop, actor, calls)

    off = off_with(database, trader.shop, actor, each_plugin)
    try:
        gone = [one for one in theirs if one.plugin in off]
        with subtests.test("addresses"):
            for browser in (trader.owner, there):
                assert set(statuses(browser, trader, gone).values()) <= {404}
                assert [str(one) for one in gone if one.route.changes and changed(browser, trader, one) != 404] == []
        with subtests.test("the rest goes on"):
            rest = [one for one in theirs if one.plugin not in off]
            if owner_of_widget() in off:
                rest = [one for one in rest if "widget" not in one.names]
            assert statuses(there, trader, rest) == {str(one): before[str(one)] for one in rest if str(one) in before}
        with subtests.test("menu"):
            links = [given.value.path for given in plugins.given("navigation") if given.plugin in off]
            page = there.get("/").text
            assert [link for link in links if f'href="{link}"' in page] == []
        with subtests.test("cards and parts of pages"):
            statuses(there, trader, theirs)
            assert calls.of(off) == set()
        with subtests.test("handlers, jobs and schedules"):
            left = all_work(other_process, trader.shop, actor, calls)
            assert left == {one for one in everyone if one[0] not in off}
    finally:
        on_with(database, trader.shop, actor, off)
    with subtests.test("on again"):
        deliver(database, {trader.shop.id})
        assert statuses(there, trader, theirs) == before
        assert kept(past_all_rules, trader.shop) == whole
        assert all_work(other_process, trader.shop, actor, calls) == everyone


#: Asked for only by who came in by a shop's provider, or acts in somebody's account: for their plugins' own tests.
FOR_FEW = {"account.prove", "frame.impersonation"}


def test_what_others_show_is_shown_where_the_plugin_is_on(plugins, trader, there, clock, calls):
    """Or the test above would look for nothing."""
    calls.made.clear()
    statuses(there, trader, addresses(plugins, scope=Scope.SHOP))
    shown = {plugin for plugin, _what in calls.made}
    slots = [given for given in plugins.given("slots") if given.value.scope is Scope.SHOP]
    slots = [given for given in slots if given.value.place not in FOR_FEW]
    assert shown >= {given.plugin for given in (*plugins.given("widgets"), *slots)}


def changed(browser: Browser, trader: Trader, address: Address) -> int:
    path = address.at(trader.belongings.probably(address.ids))
    return send(browser, address.route, path, filled(address.route.form) if address.route.form else {}).status_code


def kept(connection: Superuser, shop: Shop) -> dict[str, str]:
    connection.rollback()
    return {table: rows for table, rows in everything(connection, shop).items() if table not in NOTES_OF_SWITCHING}


def all_work(database: Database, shop: Shop, actor: Actor, calls: Calls) -> set[tuple[str, str]]:
    """Tell every event there is, start every job and every schedule; answers whose code was called."""
    calls.made.clear()
    with database.for_shop(shop.id, actor) as uow:
        for event in database.plugins._listeners:
            uow.publish(told(event))
        for job, worker in database.plugins._workers.items():
            uow._put("job", job, worker.plugin, {}, queue="low", tries_max=1)
    deliver(database, {shop.id})
    a_month = functools.partial(_slot, shop.zone, since=NOW, until=NOW + timedelta(days=32))
    _start(database, shop.id, a_month)
    with database.for_shop(shop.id, actor) as uow:
        begun = uow.execute(select(outbox.c.plugin, outbox.c.key).where(outbox.c.key.like("schedule:%"))).all()
        calls.made += [(row.plugin, "schedule " + row.key.split(":")[1]) for row in begun]
    deliver(database, {shop.id})
    with database.for_shop(shop.id, actor) as uow:
        uow.execute(delete(outbox))
    return calls.of(database.plugins.by_name)


def told(event: type[Event]) -> Event:
    happened: Event = example(event)
    return happened
