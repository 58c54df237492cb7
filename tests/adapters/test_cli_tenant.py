"""`goldsmith tenant` and `goldsmith plugin`: shops and their plugins without a browser."""

from __future__ import annotations

import json
import re

import pytest
from click import Command
from click.testing import CliRunner

from adapters.cli.plugin import command as plugin
from adapters.cli.sentences import sentence_for
from adapters.cli.tenant import command as tenant
from kernel.ids import new_id
from kernel.uow import Database
from plugins.tenants import public as tenants
from plugins.tenants.queries import standing as queries


class SmallHouse:
    """As much of a house as these commands need, around a database that others go on using."""

    def __init__(self, database: Database) -> None:
        self.database = Database(database._shops, database._platform, database.clock, database.plugins)
        self.database.close = lambda: None  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _installation(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://here")
    monkeypatch.setattr("adapters.cli.installation.open_house", lambda: SmallHouse(database))


def said(command: Command, *words: str) -> str:
    """What the command prints, or the sentence with which it ends."""
    result = CliRunner().invoke(command, list(words))
    if isinstance(result.exception, Exception):
        sentence = sentence_for(result.exception)
        assert sentence is not None, result.exception
        return sentence
    return result.output


def opening(slug: str, *more: str) -> list[str]:
    owner = ["--owner-name", "Sara", "--owner-email", f"{slug}@example.com"]
    return ["create", "Noor Jewels", "--slug", slug, "--market", "AE", "--plan", "all", *owner, *more]


@pytest.fixture
def slug() -> str:
    """The address of a shop opened from the command line."""
    slug = f"cli-{new_id().hex[-12:]}"
    printed = said(tenant, *opening(slug))
    assert printed == f"Noor Jewels is open.\nA letter to {slug}@example.com asks its owner in.\n"
    return slug


def test_a_shop_is_opened_and_listed(slug: str):
    [line] = said(tenant, "list", "--text", slug).splitlines()
    assert line.split() == [slug, "active", "all", "AE", "Noor", "Jewels"]
    [shop] = json.loads(said(tenant, "list", "--text", slug, "--json"))
    assert (shop["slug"], shop["state"], shop["plan"], shop["market"]) == (slug, "active", "all", "AE")


def test_what_cannot_be_taken_is_named_by_its_field(slug: str):
    assert said(tenant, *opening("x", "--zone", "Mars")).splitlines() == [
        "slug: At least 2 characters, please.",
        "zone: Please enter a time zone such as Asia/Tehran.",
    ]
    assert said(tenant, *opening(slug)) == f"Another shop already has the short name “{slug}”."


def test_a_shop_is_suspended_and_works_again(slug: str):
    assert said(tenant, "suspend", slug, "--because", "Invoices") == "Noor Jewels is suspended.\n"
    assert "suspended" in said(tenant, "list", "--text", slug)
    assert said(tenant, "reactivate", slug) == "Noor Jewels works again.\n"
    assert said(tenant, "suspend", "nobody", "--because", "x") == "There is no such shop."


def test_who_typed_is_kept(slug: str, database: Database, actor):
    said(tenant, "suspend", slug, "--because", "Invoices")
    with database.for_platform("look", actor, read_only=True) as work:
        suspension = queries.suspension(work, tenants.shop_called(work, slug).id)
    assert suspension is not None
    assert suspension.by.startswith("command line (")


def test_plugins_of_a_shop_are_listed_and_switched(slug: str):
    assert re.search(r"^\+ identity +People$", said(plugin, "list", slug), re.MULTILINE)
    assert said(plugin, "disable", slug, "identity") == "“People” is part of every shop."
    assert said(plugin, "enable", slug, "identity") == "It is on already.\n"
    assert said(plugin, "enable", slug, "nothing") == "There is no plugin called “nothing”."
    assert said(plugin, "list", "nobody") == "There is no such shop."


def test_a_plugin_is_off_and_on_again(slug: str):
    assert said(plugin, "disable", slug, "accounting") == "Switched off: accounting. Its data stays.\n"
    states = {state["name"]: state["is_on"] for state in json.loads(said(plugin, "list", slug, "--json"))}
    assert states["accounting"] is False
    assert said(plugin, "enable", slug, "accounting") == "Switched on: accounting.\n"
