"""`goldsmith tenant` and `goldsmith plugin`: shops and their plugins without a browser."""

from __future__ import annotations

import re

import pytest
from click import Command
from click.testing import CliRunner

from adapters.cli import plugin as plugin_command
from adapters.cli import tenant as tenant_command
from adapters.cli.sentences import sentence_for
from kernel.ids import new_id
from kernel.uow import Database


@pytest.fixture(autouse=True)
def installation(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_command, "installation", lambda: database)
    monkeypatch.setattr(plugin_command, "installation", lambda: database)


def said(command: Command, *words: str) -> str:
    """What the command prints, or the sentence with which it ends."""
    result = CliRunner().invoke(command, list(words))
    if isinstance(result.exception, Exception):
        sentence = sentence_for(result.exception)
        assert sentence is not None, result.exception
        return sentence
    return result.output


@pytest.fixture
def slug() -> str:
    """The address of a shop opened from the command line."""
    slug = f"cli-{new_id().hex[-12:]}"
    printed = said(tenant_command.command, *opening(slug))
    assert re.search(r"Password for the first time: ([a-z2-9]{4}-){3}[a-z2-9]{4}\n", printed)
    return slug


def opening(slug: str, *more: str) -> list[str]:
    owner = ["--owner-name", "Sara", "--owner-email", f"{slug}@example.com"]
    return ["create", "Noor Jewels", "--slug", slug, "--market", "AE", "--plan", "all", *owner, *more]


def test_a_shop_is_opened_and_listed(slug: str):
    [line] = said(tenant_command.command, "list", "--text", slug).splitlines()
    assert line.split() == [slug, "active", "all", "AE", "Noor", "Jewels"]


def test_what_cannot_be_taken_is_named_by_its_field(slug: str):
    assert said(tenant_command.command, *opening("x", "--zone", "Mars")).splitlines() == [
        "slug: At least 2 characters, please.",
        "zone: Please enter a time zone such as Asia/Tehran.",
    ]
    assert said(tenant_command.command, *opening(slug)) == f"Another shop already has the address “{slug}”."


def test_a_shop_is_suspended_and_works_again(slug: str):
    assert said(tenant_command.command, "suspend", slug, "--because", "Invoices") == "Noor Jewels is suspended.\n"
    assert "suspended" in said(tenant_command.command, "list", "--text", slug)
    assert said(tenant_command.command, "reactivate", slug) == "Noor Jewels works again.\n"
    assert said(tenant_command.command, "suspend", "nobody", "--because", "x") == "There is no such shop."


def test_plugins_of_a_shop_are_listed_and_switched(slug: str):
    assert re.search(r"^\+ identity +People$", said(plugin_command.command, "list", slug), re.MULTILINE)
    assert said(plugin_command.command, "disable", slug, "identity") == "“People” is part of every shop."
    assert said(plugin_command.command, "enable", slug, "identity") == "It is on already.\n"
    assert said(plugin_command.command, "enable", slug, "nothing") == "There is no plugin called “nothing”."
