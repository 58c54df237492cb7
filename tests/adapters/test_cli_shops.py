"""`goldsmith tenant` and `goldsmith plugin`: what a terminal says of shops is what the shops are."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from adapters.cli import plugin, tenant
from kernel.errors import GoldsmithError
from kernel.ids import new_id
from plugins.tenants import public as tenants
from plugins.tenants import queries


@pytest.fixture
def typed(monkeypatch, database):
    """What is typed comes back as what is said; a refusal as what it raised."""
    house = SimpleNamespace(database=SimpleNamespace(for_shop=database.for_shop, for_platform=database.for_platform))
    house.database.for_new_shop, house.database.plugins = database.for_new_shop, database.plugins
    house.database.close = lambda: None
    monkeypatch.setattr("adapters.cli.installation.open_house", lambda: house)
    monkeypatch.setenv("DATABASE_URL", "postgresql://not-asked")

    def typing(command, *words: str) -> str:
        said: str = CliRunner().invoke(command, words, catch_exceptions=False).output
        return said

    return typing


@pytest.fixture
def slug() -> str:
    return f"zarrin-{new_id().hex[-12:]}"


def open_shop(typed, slug: str, plan: str = "bare"):
    return typed(
        tenant.command,
        *("create", "Zarrin", "--slug", slug, "--market", "IR", "--plan", plan),
        *("--owner-name", "Sara", "--owner-email", f"sara@{slug}.example"),
    )


def listed(typed, slug: str) -> dict[str, str]:
    (found,) = [shop for shop in json.loads(typed(tenant.command, "list", "--json")) if shop["slug"] == slug]
    return {name: found[name] for name in ("name", "market", "plan", "state")}


def state_of(typed, slug: str, name: str) -> object:
    return {state["name"]: state["is_on"] for state in json.loads(typed(plugin.command, "list", slug, "--json"))}[name]


def test_a_shop_is_opened_suspended_and_reactivated(typed, slug):
    said = open_shop(typed, slug)
    assert said.startswith(f"Zarrin is open.\nSara signs in with sara@{slug}.example and the password ")
    assert listed(typed, slug) == {"name": "Zarrin", "market": "IR", "plan": "bare", "state": "active"}
    assert typed(tenant.command, "suspend", slug, "--because", "Not paid") == "Zarrin is suspended.\n"
    assert listed(typed, slug)["state"] == "suspended"
    assert typed(tenant.command, "reactivate", slug) == "Zarrin is active again.\n"
    assert listed(typed, slug)["state"] == "active"


def test_a_plugin_is_switched_with_what_it_requires(typed, slug):
    open_shop(typed, slug)
    assert typed(plugin.command, "enable", slug, "branches") == "On now: branches.\n"
    assert typed(plugin.command, "enable", slug, "branches") == "It was on.\n"
    assert state_of(typed, slug, "branches")
    assert typed(plugin.command, "disable", slug, "branches") == "Off now: branches.\n"
    assert typed(plugin.command, "disable", slug, "branches") == "It was off.\n"
    assert not state_of(typed, slug, "branches")


def test_who_typed_is_written_down(typed, slug, database, actor):
    open_shop(typed, slug)
    typed(tenant.command, "suspend", slug, "--because", "Not paid")
    with database.for_platform("look", actor, read_only=True) as work:
        shop = tenants.shop_called(work, slug)
        suspension = queries.suspension(work, shop.id)
    assert suspension is not None
    assert suspension.by.startswith("command line (")


@pytest.mark.parametrize(
    "words",
    [
        (tenant.command, "suspend", "nowhere", "--because", "x"),
        (tenant.command, "reactivate", "nowhere"),
        (plugin.command, "list", "nowhere"),
        (plugin.command, "enable", "nowhere", "branches"),
    ],
)
def test_an_unknown_shop_is_said(typed, words):
    with pytest.raises(GoldsmithError, match="There is no such shop"):
        typed(*words)


def test_what_every_shop_has_stays(typed, slug):
    open_shop(typed, slug)
    with pytest.raises(GoldsmithError, match="“People” is part of every shop"):
        typed(plugin.command, "disable", slug, "identity")
