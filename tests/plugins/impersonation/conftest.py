"""An admin of the installation, and people of a shop."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import select

from kernel.ids import new_id
from kernel.tables import audit_entries
from kernel.tenancy import Shop
from plugins.identity.public import NewUserForm, add_admin, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

WHY = "a receipt that does not print"


class Admin(Browser):
    """Somebody who runs the installation."""

    email: str

    def proves(self) -> Response:
        """That it is them, by the next code of their own app."""
        return self.post("/account/prove", code=self.code(self.email))

    def escalates(self, because: str = "They asked for a second branch") -> Response:
        """From looking to changing."""
        self.proves()
        return self.post("/impersonation", because=because)


@pytest.fixture
def shop(new_shop) -> Shop:
    """Its pages are in English."""
    made: Shop = new_shop("AE")
    return made


@pytest.fixture
def admin(app, database, actor) -> Callable[..., Admin]:
    """A browser in which somebody who runs the installation is signed in."""

    def enter(name="Ada") -> Admin:
        email = f"{name.lower()}-{new_id().hex}@example.com"
        with database.for_platform("set up", actor) as work:
            add_admin(work, email, name, PASSWORD)
        browser = Admin(app)
        browser.email = email
        browser.sign_in(email, PASSWORD)
        return browser

    return enter


@pytest.fixture
def ada(admin: Callable[..., Admin]) -> Admin:
    return admin()


@pytest.fixture
def user(database, shop, actor) -> Callable[..., UUID]:
    """Somebody who works in the shop: `user("owner", "Mina")`."""

    def add(role="manager", name="Reza", at=shop, email=None) -> UUID:
        address = email or f"{name.lower()}-{new_id().hex}@example.com"
        with database.for_shop(at.id, actor) as uow:
            form = NewUserForm.model_validate({"name": name, "email": address, "role": role})
            return add_user_with_password(uow, form, PASSWORD).id

    return add


@pytest.fixture
def begin(shop) -> Callable[..., Browser]:
    """The admin begins to act in somebody's account."""

    def begun(browser, who, at=shop, minutes="15", because=WHY):
        return browser.post(f"/platform/shops/{at.id}/impersonation", user=str(who), because=because, minutes=minutes)

    return begun


@pytest.fixture
def entries(database, shop, actor):
    """What the shop's trail says of an action, the oldest first."""

    def read(action, at=shop):
        with database.for_shop(at.id, actor, read_only=True) as uow:
            found = select(audit_entries).where(audit_entries.c.action == action).order_by(audit_entries.c.number)
            return uow.execute(found).all()

    return read
