"""The product over HTTP, for the tests of every plugin's pages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from starlette.applications import Starlette

from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_admin, add_user_with_password
from tests.plugins.browser import Browser
from web.app import build
from web.house import House

PASSWORD = "copper-lantern-79-river"
_numbers = count(1)


@pytest.fixture(scope="session")
def app(_database: Database, plugins: Plugins) -> Starlette:
    """The application on this worker's database."""
    return build(House(_database, plugins, "localhost", production=False, threads=8, ready=list))


@pytest.fixture
def browser(app: Starlette, database: Database) -> Callable[[], Browser]:
    """A browser of nobody: `browser().get("/login")`."""
    return lambda: Browser(app)


@pytest.fixture
def signed_in(app: Starlette, database: Database, actor: Actor) -> Callable[..., Browser]:
    """A browser of somebody who works in the shop: `signed_in(shop, "manager")`."""

    def enter(shop: Shop, role: str = "owner", name: str = "Sara") -> Browser:
        email = f"person-{next(_numbers)}-{shop.slug}@example.com"
        with database.for_shop(shop.id, actor) as uow:
            add_user_with_password(
                uow, NewUserForm.model_validate({"name": name, "email": email, "role": role}), PASSWORD
            )
        browser = Browser(app)
        browser.sign_in(email, PASSWORD)
        return browser

    return enter


@pytest.fixture
def admin_signs_in(app: Starlette, database: Database, actor: Actor) -> Callable[[], Browser]:
    """A browser of an admin of the platform, each time another's."""

    def enter() -> Browser:
        email = f"ada-{new_id().hex}@example.com"
        with database.for_platform("set up", actor) as work:
            add_admin(work, email, "Ada", PASSWORD)
        browser = Browser(app)
        browser.sign_in(email, PASSWORD)
        return browser

    return enter


@pytest.fixture
def ada(admin_signs_in: Callable[[], Browser]) -> Browser:
    """A browser in which an admin of the platform is signed in."""
    return admin_signs_in()
