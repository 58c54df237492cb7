"""Somebody of the platform, for tests of its first page."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette

from kernel.ids import new_id
from kernel.tenancy import Actor
from kernel.uow import Database
from plugins.identity.public import add_admin
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD


@pytest.fixture
def admin(app: Starlette, database: Database, actor: Actor) -> Browser:
    """A browser in which somebody of the platform is signed in."""
    email = f"ada-{new_id().hex}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    ada = Browser(app)
    ada.sign_in(email, PASSWORD)
    return ada
