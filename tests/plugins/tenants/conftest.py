"""Shops for tests of the platform: with a few small plugins that need each other and say what they hear."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from kernel.clock import SetClock
from kernel.contributions import Manifest
from kernel.events import PluginDisabled, PluginEnabled, on
from kernel.hooks import hookimpl
from kernel.plans import Plan
from kernel.plugins import Offer, Plugins
from kernel.tenancy import Actor, ActorKind
from kernel.uow import Database, UnitOfWork
from tests.conftest import NOW, put_down

Heard = list[tuple[str, str]]


def stranger(name: str, requires: tuple[str, ...], heard: Heard) -> types.ModuleType:
    """A plugin made on the spot, that notes what it hears of plugins being switched."""
    module = types.ModuleType(f"stranger_{name}")
    module.__file__ = __file__

    @on(PluginEnabled)
    def hear_on(uow: UnitOfWork, enabled: PluginEnabled) -> None:
        heard.append((name, f"+{enabled.plugin}"))

    @on(PluginDisabled)
    def hear_off(uow: UnitOfWork, disabled: PluginDisabled) -> None:
        heard.append((name, f"-{disabled.plugin}"))

    def manifest() -> Manifest:
        return Manifest(name, name.title(), f"About {name}.", requires)

    def subscriptions() -> list[Callable[..., None]]:
        return [hear_on, hear_off]

    for hook in (manifest, subscriptions):
        setattr(module, hook.__name__, hookimpl(hook))
    return module


@pytest.fixture
def heard() -> Heard:
    """What the strangers heard: (who, "+plugin" or "-plugin")."""
    return []


@pytest.fixture
def platform(engines: tuple[Engine, Engine], adapters: Mapping[type[Any], Any], heard: Heard) -> Database:
    """An installation with till > stock > metal and a lonely chat; the plan `metal` has one of them."""
    strangers = [
        stranger("metal", (), heard),
        stranger("stock", ("metal",), heard),
        stranger("till", ("stock",), heard),
        stranger("chat", (), heard),
    ]
    plans = {
        "none": Plan("none", "None", frozenset(), {}),
        "metal": Plan("metal", "Metal", frozenset({"metal"}), {"users": 2}),
        "most": Plan("most", "Most", frozenset({"metal", "stock", "till"}), {}),
    }
    plugins = Plugins.load(Offer(("tenants", "identity", "branches"), plans), adapters, strangers)
    found = Database(*engines, SetClock(NOW), plugins)
    put_down(found)
    return found


@pytest.fixture
def admin() -> Actor:
    return Actor(
        ActorKind.PLATFORM, None, "Ada", frozenset({"tenants.see_shops", "tenants.edit_shops", "tenants.edit_plans"})
    )
