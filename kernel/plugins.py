"""Every plugin of this installation: found, ordered by what it requires, asked once what it contributes."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pluggy
from cronsim import CronSim, CronSimError

from kernel import hooks
from kernel.contributions import Given, Manifest
from kernel.events import Event, Subscription
from kernel.flags import Flag, fault_of
from kernel.jobs import Job, Schedule, job_of
from kernel.known import Known
from kernel.money import Money
from kernel.plans import FREE, Cycle, Plan


class PluginFault(Exception):
    """The installation cannot start as it is put together; the message says which plugin and what to do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`plugins.toml`: the plugins this installation offers, and the plans that it begins with."""

    plugins: tuple[str, ...]
    plans: Mapping[str, Plan]

    @classmethod
    def read(cls, path: Path) -> Offer:
        """Raises PluginFault with a sentence when the file is missing or says something else."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            plans = {name: _plan(name, plan) for name, plan in data["plans"].items()}
            offer = cls(tuple(data["offered"]), plans)
        except FileNotFoundError:
            raise PluginFault(f"{path} is missing: it says which plugins this installation offers.") from None
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise PluginFault(f"{path} cannot be read: {fault!r}.") from fault
        for plan in plans.values():
            if unknown := plan.plugins - set(offer.plugins):
                raise PluginFault(
                    f"{path}: plan {plan.name} contains {sorted(unknown)}, which `offered` does not list."
                )
        return offer


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin: its manifest, its `plugin.py` and the folder it lives in."""

    manifest: Manifest
    module: ModuleType
    folder: Path

    @property
    def name(self) -> str:
        return self.manifest.name


@dataclass(frozen=True, slots=True)
class Listener:
    """A subscription with the plugin it came from and its ports already in place."""

    plugin: str
    subscription: Subscription
    call: Callable[..., None]

    @property
    def name(self) -> str:
        return f"{self.plugin}:{self.subscription.name}"


@dataclass(frozen=True, slots=True)
class Worker:
    """A job with the plugin it came from and its ports already in place."""

    plugin: str
    job: Job
    call: Callable[..., Any]


@dataclass(slots=True)
class Plugins:
    """The installation's plugins. Everything that filters by a shop's set asks here."""

    offer: Offer
    by_name: Mapping[str, Plugin]
    _given: Mapping[str, tuple[Given, ...]]
    _adapters: Mapping[type[Any], Any]
    _listeners: dict[type[Event], tuple[Listener, ...]] = field(default_factory=dict)
    _workers: dict[str, Worker] = field(default_factory=dict)
    _bound: dict[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict)
    #: Those that plugins declare, by name.
    flags: dict[str, Flag] = field(default_factory=dict)
    #: What was decided for all shops, as this process last saw it.
    known: Known = field(default_factory=Known)

    @classmethod
    def load(cls, offer: Offer, adapters: Mapping[type[Any], Any], extra: Sequence[ModuleType] = ()) -> Plugins:
        """Find and ask what `offer` names. `adapters` maps each port to what serves it; `extra` adds plugin modules.

        Raises PluginFault for an unknown plugin, a hook with a typo, a circle, or a port that nothing serves.
        """
        ordered = _in_order([*_discover(offer.plugins), *map(_as_plugin, extra)])
        given = _ask(ordered)
        found = cls(offer, {plugin.name: plugin for plugin in ordered}, given, adapters)
        found._check_plans()
        found._check_ports()
        found._connect()
        found._check_schedules()
        found._check_flags()
        return found

    # What was given

    def given(self, hook: str) -> tuple[Given, ...]:
        """All contributions to a hook, in the plugins' order."""
        return self._given[hook]

    def bound(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with every parameter that is annotated with a port filled in."""
        # Kept: a request asks for the same few again, and reading annotations costs as much as a statement.
        if function not in self._bound:
            self._bound[function] = self._bind(function)
        return self._bound[function]

    def _bind(self, function: Callable[..., Any]) -> Callable[..., Any]:
        wanted = {
            name: self._adapters[kind]
            for name, kind in get_type_hints(function).items()
            if name != "return" and isinstance(kind, type) and kind in self._adapters
        }
        return partial(function, **wanted) if wanted else function

    def listeners(self, event: type[Event]) -> tuple[Listener, ...]:
        return self._listeners.get(event, ())

    def listener(self, name: str) -> Listener | None:
        """By its name in the outbox; None when no installed plugin has it any more."""
        return next((one for many in self._listeners.values() for one in many if one.name == name), None)

    def worker(self, job: str) -> Worker | None:
        return self._workers.get(job)

    def schedules(self) -> tuple[tuple[str, Schedule], ...]:
        return tuple((given.plugin, given.value) for given in self.given("schedules"))

    # What a shop has

    def enabled(self, contained: Iterable[str], added: Iterable[str], removed: Iterable[str]) -> frozenset[str]:
        """A shop's set: the plan's plugins and what an admin added, less what an admin removed or lacks its needs."""
        wanted = (((set(contained) | set(added)) - set(removed)) | self._always()) & self.by_name.keys()
        kept: set[str] = set()
        for name, plugin in self.by_name.items():  # in the order of needs, so one pass is enough
            if name in wanted and kept.issuperset(plugin.manifest.requires):
                kept.add(name)
        return frozenset(kept)

    def required_by(self, name: str) -> frozenset[str]:
        """What must be on for `name` to be on, itself included."""
        needs = {name}
        for need in self.by_name[name].manifest.requires:
            needs |= self.required_by(need)
        return frozenset(needs)

    def needing(self, name: str, among: frozenset[str]) -> tuple[str, ...]:
        """Which of `among` stop working without `name`, in order."""
        return tuple(
            other for other in self.by_name if other in among and other != name and name in self.required_by(other)
        )

    # Start

    def _check_plans(self) -> None:
        for plan in self.offer.plans.values():
            for name in plan.plugins & self.by_name.keys():
                if lacking := self.required_by(name) - plan.plugins - self._always():
                    raise PluginFault(f"Plan {plan.name} contains {name} without {sorted(lacking)}, which it requires.")

    def _always(self) -> set[str]:
        return {name for name, plugin in self.by_name.items() if plugin.manifest.platform}

    def _check_ports(self) -> None:
        for given in self.given("ports"):
            if given.value not in self._adapters:
                raise PluginFault(
                    f"Plugin {given.plugin} needs the port {given.value.__name__}, and no adapter is bound to it."
                )

    def _connect(self) -> None:
        for given in self.given("subscriptions"):
            subscription = getattr(given.value, "__subscription__", None)
            if not isinstance(subscription, Subscription):
                raise PluginFault(f"Plugin {given.plugin} lists {given.value!r}, which @on does not mark.")
            listener = Listener(given.plugin, subscription, self.bound(given.value))
            if self.listener(listener.name):
                raise PluginFault(
                    f"Plugin {given.plugin} has two handlers {subscription.name}: the outbox tells them by name."
                )
            self._listeners[subscription.event] = (*self._listeners.get(subscription.event, ()), listener)
        for given in self.given("jobs"):
            job = job_of(given.value)
            if job.name in self._workers:
                raise PluginFault(f"Two plugins have a job called {job.name}.")
            self._workers[job.name] = Worker(given.plugin, job, self.bound(given.value))

    def _check_schedules(self) -> None:
        names = set()
        for plugin, schedule in self.schedules():
            if schedule.name in names:
                raise PluginFault(f"Two schedules are called {schedule.name}.")
            names.add(schedule.name)
            if job_of(schedule.work).name not in self._workers:
                raise PluginFault(f"Plugin {plugin} schedules {schedule.name}, which no plugin lists as a job.")
            try:
                CronSim(schedule.cron, datetime.now(UTC))
            except CronSimError as fault:
                raise PluginFault(f"Plugin {plugin} schedules {schedule.name} at {schedule.cron!r}: {fault}.") from None

    def _check_flags(self) -> None:
        for given in self.given("flags"):
            flag: Flag = given.value
            if fault := fault_of(flag):
                raise PluginFault(f"The flag {flag.name} of plugin {given.plugin} {fault}.")
            if flag.name in self.flags:
                raise PluginFault(f"Two flags are called {flag.name}.")
            self.flags[flag.name] = flag


def _plan(name: str, told: Mapping[str, Any]) -> Plan:
    price = Money.of(told.get("price", "0"), told.get("currency", FREE.currency))
    limits, cycle = dict(told.get("limits", {})), Cycle(told.get("cycle", Cycle.MONTH))
    return Plan(name, told["title"], frozenset(told["plugins"]), limits, price, cycle)


def _discover(names: Iterable[str]) -> list[Plugin]:
    # Found when it runs, not imported: the kernel knows no plugin.
    built_in = importlib.import_module("plugins")
    here = {module.name for module in pkgutil.iter_modules(built_in.__path__)}
    outside = {point.name: point for point in entry_points(group=hooks.ENTRY_POINTS)}
    found = []
    for name in names:
        if name in here:
            found.append(_as_plugin(importlib.import_module(f"plugins.{name}.plugin")))
        elif name in outside:
            found.append(_as_plugin(outside[name].load()))
        else:
            raise PluginFault(f"plugins.toml offers {name}, and no such plugin is installed.")
    return found


def _as_plugin(module: ModuleType) -> Plugin:
    ask = getattr(module, "manifest", None)
    if ask is None or module.__file__ is None:
        raise PluginFault(f"{module.__name__} is no plugin: it has no `manifest` hook.")
    return Plugin(ask(), module, Path(module.__file__).parent)


def _in_order(plugins: Sequence[Plugin]) -> list[Plugin]:
    by_name = {plugin.name: plugin for plugin in plugins}
    if len(by_name) != len(plugins):
        raise PluginFault(f"Two plugins share a name: {sorted(plugin.name for plugin in plugins)}.")
    needs = {plugin.name: set(plugin.manifest.requires) for plugin in plugins}
    for name, required in needs.items():
        if missing := required - by_name.keys():
            raise PluginFault(f"Plugin {name} requires {sorted(missing)}: offer them in plugins.toml, too.")
    try:
        return [by_name[name] for name in TopologicalSorter(needs).static_order()]
    except CycleError as circle:
        raise PluginFault(f"Plugins require each other in a circle: {' > '.join(circle.args[1])}.") from circle


def _ask(plugins: Sequence[Plugin]) -> dict[str, tuple[Given, ...]]:
    questions = pluggy.PluginManager(hooks.NAMESPACE)
    questions.add_hookspecs(hooks)
    try:
        for plugin in plugins:
            questions.register(plugin.module, name=plugin.name)
        questions.check_pending()
    except pluggy.PluginValidationError as typo:
        raise PluginFault(str(typo)) from typo
    given: dict[str, tuple[Given, ...]] = {}
    for hook in (name for name in vars(questions.hook) if not name.startswith("_")):
        answers = {impl.plugin_name: impl.function for impl in getattr(questions.hook, hook).get_hookimpls()}
        given[hook] = tuple(
            Given(plugin.name, value)
            for plugin in plugins
            if plugin.name in answers and hook != "manifest"
            for value in answers[plugin.name]()
        )
    return given
