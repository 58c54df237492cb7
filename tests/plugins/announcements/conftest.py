"""Announcements of tests concern named shops: on a worker's database there are those of other tests, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from kernel.ids import new_id
from kernel.tenancy import Actor, Shop, system
from kernel.uow import Database
from plugins.announcements import actions
from plugins.announcements.domain import Announcement
from plugins.announcements.forms import AnnouncementForm
from plugins.identity.public import add_admin
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD


def fields(*shops: Shop, **changes: Any) -> dict[str, Any]:
    return {
        "severity": "info",
        "title_en": "Goldsmith rests on Friday",
        "text_en": "From ten to eleven.\n\nMore at https://example.com/rest.",
        "title_fa": "گلداسمیت جمعه استراحت می‌کند",
        "text_fa": "از ده تا یازده.",
        "zone": "Asia/Tehran",
        "shops": " ".join(shop.slug for shop in shops),
        "in_app": "on",
        "post": "nobody",
    } | changes


def look(database: Database) -> None:
    """As each process does every second."""
    with database.for_platform("look", system("watch"), read_only=True) as work:
        database.plugins.known.learn(work)


@pytest.fixture
def announce(database: Database, actor: Actor) -> Callable[..., Announcement]:
    """Write and publish, and let this process look: `announce(shop, severity="critical")`."""

    def published(*shops: Shop, **changes: Any) -> Announcement:
        form = AnnouncementForm.model_validate(
            {name: value for name, value in fields(*shops, **changes).items() if value != ""}
        )
        with database.for_platform("announce", actor) as work:
            written = actions.draft(work, form)
            found = actions.publish(work, written.id)
        look(database)
        return found

    return published


@pytest.fixture
def ada(app: Starlette, database: Database, actor: Actor) -> Browser:
    """A browser in which a platform admin is signed in."""
    email = f"ada-{new_id().hex}@example.com"
    with database.for_platform("set up", actor) as work:
        add_admin(work, email, "Ada", PASSWORD)
    browser = Browser(app)
    browser.sign_in(email, PASSWORD)
    return browser


@pytest.fixture
def reader(signed_in: Callable[..., Browser]) -> Callable[..., Browser]:
    """Somebody of the shop, who reads English: `reader(shop, "employee", "Omid")`."""

    def enter(shop: Shop, role: str = "owner", name: str = "Sara") -> Browser:
        browser = signed_in(shop, role, name)
        browser.client.cookies.set("language", "en")
        return browser

    return enter
