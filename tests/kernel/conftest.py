"""Installations made up for one test: the kernel with plugins that exist nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

from kernel.clock import SetClock
from kernel.contributions import Manifest
from kernel.hooks import hookimpl
from kernel.plans import Plan
from kernel.plugins import Offer, Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from tests.conftest import open_shop, put_down


def plugin(
    name: str,
    *,
    requires: Sequence[str] = (),
    listens: Sequence[str] = (),
    platform: bool = False,
    **hooks: Sequence[Any],
) -> ModuleType:
    """A plugin's module: `plugin("till", requires=["stock"], jobs=[count_drawer])`."""
    module = ModuleType(name)
    module.__file__ = __file__
    manifest = Manifest(name, name.title(), "", tuple(requires), tuple(listens), platform)
    _answer(module, "manifest", manifest)
    for hook, given in hooks.items():
        _answer(module, hook, given)
    return module


def _answer(module: ModuleType, hook: str, given: object) -> None:
    def answer() -> object:
        return given

    setattr(module, hook, hookimpl(answer))


def offering(*names: str) -> Offer:
    """An offer with a plan `all` of everything named and a plan `none`."""
    plans = [Plan("all", "All", frozenset(names), {}), Plan("none", "None", frozenset(), {})]
    return Offer((), {plan.name: plan for plan in plans})


def load(*modules: ModuleType, adapters: Mapping[type[Any], Any] | None = None) -> Plugins:
    return Plugins.load(offering(*(module.__name__ for module in modules)), adapters or {}, modules)


@pytest.fixture
def house(engines: tuple[Engine, Engine], clock: SetClock) -> Callable[..., Database]:
    """A Database with only the plugins given, on this worker's PostgreSQL."""

    def built(*modules: ModuleType, adapters: Mapping[type[Any], Any] | None = None) -> Database:
        offer = offering(*(module.__name__ for module in modules))
        found = Database(*engines, clock, Plugins.load(offer, adapters or {}, modules))
        put_down(found)
        return found

    return built


@pytest.fixture
def opened(actor: Actor) -> Callable[..., Shop]:
    """A new shop in such an installation: `opened(house(till), zone="Europe/London")`."""

    def shop(database: Database, market: str = "IR", **overrides: Any) -> Shop:
        return open_shop(database, actor, market, **overrides)

    return shop
