"""`goldsmith admin`: who runs the installation is said at its own command line."""

from __future__ import annotations

import re

import pytest

from adapters.cli.admin import command as admin
from kernel.ids import new_id
from kernel.tenancy import Actor
from kernel.uow import Database
from plugins.identity import queries
from plugins.identity.actions.hash_password import matches
from tests.adapters.test_cli_tenant import SmallHouse, said


@pytest.fixture(autouse=True)
def _installation(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://here")
    monkeypatch.setattr("adapters.cli.installation.open_house", lambda: SmallHouse(database))


def test_somebody_runs_the_installation_and_then_no_more(database: Database, actor: Actor):
    email = f"ada-{new_id().hex}@example.com"
    printed = said(admin, "add", email, "--name", "Ada")
    assert printed.startswith("Ada runs this installation. The password to begin with: ")
    with database.for_platform("look", actor, read_only=True) as work:
        login = queries.login(work, email)
    assert login is not None
    assert (login.admin_name, login.start_until is not None) == ("Ada", True)
    assert matches(re.findall(r"\S+", printed)[-1], login.password_hash)
    assert said(admin, "remove", email) == f"{email} does not run this installation any more.\n"
    with database.for_platform("look", actor, read_only=True) as work:
        left = queries.login(work, email)
    assert left is not None
    assert not left.may_enter
    assert said(admin, "remove", email) == "Nobody with this address runs the installation."
