"""Plugins: found, put in order, asked once; whatever is put together wrongly stops the start with a sentence."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import pytest

from kernel.contributions import Given, Permission, Setting
from kernel.events import Event, on
from kernel.hooks import hookimpl
from kernel.jobs import Schedule, Step, job
from kernel.money import Money
from kernel.plans import Cycle, Plan
from kernel.plugins import Offer, PluginFault, Plugins
from kernel.uow import UnitOfWork
from tests.kernel.conftest import load, plugin

COUNT = Permission("stock.count", "Count the stock")
SHOUT = Setting("till.shout", "Shout", "", False, bool)


class Bell(Protocol):
    """Something that rings."""

    def ring(self) -> None: ...


class Opened(Event):
    """The door was opened."""


@on(Opened)
def ring_bell(uow: UnitOfWork, opened: Opened, bell: Bell) -> None:
    bell.ring()


@job("till.count_drawer", title="Count the drawer")
def count_drawer(uow: UnitOfWork, bell: Bell, *, drawer: str) -> Step | None:
    bell.ring()
    return None


@job("till.count_drawer", title="Another of that name")
def count_again(uow: UnitOfWork) -> None: ...


# Order


def test_plugins_stand_in_the_order_of_their_needs_and_give_in_that_order():
    till, stock = plugin("till", requires=["stock"], settings=[SHOUT]), plugin("stock", permissions=[COUNT])
    plugins = load(till, stock)
    assert list(plugins.by_name) == ["stock", "till"]
    assert plugins.given("permissions") == (Given("stock", COUNT),)
    assert plugins.given("settings") == (Given("till", SHOUT),)
    assert plugins.given("widgets") == ()


def test_a_plugin_that_requires_what_is_not_offered_stops_the_start():
    with pytest.raises(PluginFault, match=r"Plugin till requires \['stock'\]: offer them"):
        load(plugin("till", requires=["stock"]))


def test_plugins_that_require_each_other_stop_the_start():
    with pytest.raises(PluginFault, match=r"in a circle: .*till"):
        load(plugin("till", requires=["stock"]), plugin("stock", requires=["till"]))


def test_two_plugins_of_one_name_stop_the_start():
    with pytest.raises(PluginFault, match="share a name"):
        load(plugin("till"), plugin("till"))


# Hooks


def test_a_hook_with_a_typo_stops_the_start():
    with pytest.raises(PluginFault, match="permisions"):
        load(plugin("till", permisions=[COUNT]))


def test_a_hook_that_wants_arguments_stops_the_start():
    till = plugin("till")

    @hookimpl
    def routes(request: object) -> list[object]:
        return []

    vars(till)["routes"] = routes
    with pytest.raises(PluginFault, match="routes"):
        load(till)


def test_a_module_without_a_manifest_is_no_plugin():
    module = ModuleType("till")
    module.__file__ = __file__
    with pytest.raises(PluginFault, match="till is no plugin: it has no `manifest` hook"):
        load(module)


# Ports


class SilentBell:
    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1


def test_a_port_that_nothing_serves_stops_the_start_with_its_name():
    with pytest.raises(PluginFault, match="Plugin till needs the port Bell, and no adapter is bound to it"):
        load(plugin("till", ports=[Bell]))


def test_handlers_and_jobs_get_their_ports_by_type():
    bell = SilentBell()
    plugins = load(plugin("till", ports=[Bell], subscriptions=[ring_bell], jobs=[count_drawer]), adapters={Bell: bell})
    (listener,) = plugins.listeners(Opened)
    nobody: Any = None
    listener.call(nobody, Opened())
    worker = plugins.worker("till.count_drawer")
    assert worker is not None
    worker.call(nobody, drawer="left")
    assert bell.rung == 2


# Listeners, jobs, schedules


def test_a_listener_keeps_its_name_in_the_outbox():
    plugins = load(plugin("till", ports=[Bell], subscriptions=[ring_bell]), adapters={Bell: SilentBell()})
    (listener,) = plugins.listeners(Opened)
    assert listener.name == "till:Opened:ring_bell"
    assert plugins.listener("till:Opened:ring_bell") == listener
    assert plugins.listener("till:Opened:gone") is None


def test_two_handlers_that_the_outbox_could_not_tell_apart_stop_the_start():
    with pytest.raises(PluginFault, match="two handlers Opened:ring_bell"):
        load(plugin("till", subscriptions=[ring_bell, ring_bell]))


def test_a_handler_that_is_not_marked_stops_the_start():
    with pytest.raises(PluginFault, match="which @on does not mark"):
        load(plugin("till", subscriptions=[count_drawer]))


def test_a_job_that_is_not_marked_stops_the_start():
    with pytest.raises(TypeError, match="decorate it with @job"):
        load(plugin("till", jobs=[ring_bell]))


def test_two_jobs_of_one_name_stop_the_start():
    with pytest.raises(PluginFault, match=r"Two plugins have a job called till\.count_drawer"):
        load(plugin("till", jobs=[count_drawer]), plugin("stock", jobs=[count_again]))


def test_a_queue_nobody_works_on_is_refused_where_it_is_written():
    with pytest.raises(ValueError, match="queue 'someday' is not one of"):
        job("till.clean", title="Clean", queue="someday")


@pytest.mark.parametrize(
    ("schedules", "sentence"),
    [
        ([Schedule("till.night", "0 3 * * *", count_again)], "till.night, which no plugin lists as a job"),
        ([Schedule("till.night", "at night", count_drawer)], "till.night at 'at night'"),
        ([Schedule("till.night", "0 3 * * *", count_drawer)] * 2, "Two schedules are called till.night"),
    ],
)
def test_a_schedule_that_could_never_start_stops_the_start(schedules, sentence):
    jobs = [] if "no plugin" in sentence else [count_drawer]
    with pytest.raises(PluginFault, match=sentence):
        load(plugin("till", jobs=jobs, schedules=schedules))


# A shop's set


@pytest.fixture
def plugins() -> Plugins:
    modules = [
        plugin("people", platform=True),
        plugin("stock"),
        plugin("prices"),
        plugin("till", requires=["stock", "prices"]),
        plugin("books", listens=["till"]),
        plugin("loyalty", requires=["till"]),
    ]
    plans = [Plan("all", "All", frozenset({"stock", "prices", "till", "books"}), {}), Plan("no", "No", frozenset(), {})]
    return Plugins.load(Offer((), {plan.name: plan for plan in plans}), {}, modules)


SOLD = ("stock", "prices", "till", "books")


@pytest.mark.parametrize(
    ("contained", "added", "removed", "enabled"),
    [
        (SOLD, [], [], {"people", "stock", "prices", "till", "books"}),
        (SOLD, ["loyalty"], [], {"people", "stock", "prices", "till", "books", "loyalty"}),
        (SOLD, [], ["books"], {"people", "stock", "prices", "till"}),
        (SOLD, ["loyalty"], ["stock"], {"people", "prices", "books"}),
        ((), ["till"], [], {"people"}),
        ((), ["till", "stock", "prices"], [], {"people", "stock", "prices", "till"}),
        ((), ["unknown"], ["people"], {"people"}),
        (("not offered any more",), [], [], {"people"}),
    ],
)
def test_a_shops_set_is_the_plan_plus_and_minus_and_never_half_a_need(plugins, contained, added, removed, enabled):
    assert plugins.enabled(contained, added, removed) == enabled


def test_who_needs_a_plugin_is_known_by_name(plugins):
    everything = frozenset(plugins.by_name)
    assert plugins.required_by("loyalty") == {"loyalty", "till", "stock", "prices"}
    assert plugins.needing("stock", everything) == ("till", "loyalty")
    assert plugins.needing("stock", frozenset({"stock", "books"})) == ()
    assert plugins.needing("books", everything) == ()


# plugins.toml

GOOD = 'offered = ["stock", "till"]\n[plans.all]\ntitle = "All"\nplugins = ["stock"]\nlimits = { items = 5 }\n'


def test_the_offer_is_read_from_its_file(tmp_path: Path):
    (tmp_path / "plugins.toml").write_text(GOOD)
    assert Offer.read(tmp_path / "plugins.toml") == Offer(
        ("stock", "till"), {"all": Plan("all", "All", frozenset({"stock"}), {"items": 5})}
    )


def test_a_plan_costs_what_the_file_says(tmp_path: Path):
    (tmp_path / "plugins.toml").write_text(GOOD + 'price = "29.50"\ncurrency = "EUR"\ncycle = "year"\n')
    [plan] = Offer.read(tmp_path / "plugins.toml").plans.values()
    assert (plan.price, plan.cycle) == (Money(2950, "EUR"), Cycle.YEAR)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "is missing: it says which plugins"),
        ("offered = [", "cannot be read"),
        ("[plans.all]\ntitle = 'All'\nplugins = []", "cannot be read: KeyError"),
        (GOOD.replace('plugins = ["stock"]', 'plugins = ["books"]'), r"plan all contains \['books'\]"),
        (GOOD + 'price = "29.505"\n', "USD has 2 decimals"),
        (GOOD + 'cycle = "week"\n', "'week' is not a valid Cycle"),
    ],
)
def test_an_offer_that_cannot_be_kept_stops_the_start(tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "plugins.toml").write_text(content)
    with pytest.raises(PluginFault, match=sentence):
        Offer.read(tmp_path / "plugins.toml")


def test_an_offered_plugin_that_is_not_installed_stops_the_start():
    with pytest.raises(PluginFault, match=r"plugins\.toml offers jewels, and no such plugin is installed"):
        Plugins.load(Offer(("jewels",), {}), {})


def test_a_plan_that_contains_half_a_need_stops_the_start():
    plans = {"half": Plan("half", "Half", frozenset({"till"}), {})}
    with pytest.raises(PluginFault, match=r"half.*till.*stock|till.*stock"):
        Plugins.load(Offer((), plans), {}, [plugin("stock"), plugin("till", requires=["stock"])])
