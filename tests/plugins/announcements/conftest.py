"""Announcements of tests concern named shops: on a worker's database there are those of other tests, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kernel.tenancy import Actor, Shop, system
from kernel.uow import Database
from plugins.announcements import actions
from plugins.announcements.domain import Announcement
from plugins.announcements.forms import AnnouncementForm
from tests.plugins.browser import Browser


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
def reader(signed_in: Callable[..., Browser]) -> Callable[..., Browser]:
    """Somebody of the shop, who reads English: `reader(shop, "employee", "Omid")`."""

    def enter(shop: Shop, role: str = "owner", name: str = "Sara") -> Browser:
        browser = signed_in(shop, role, name)
        browser.client.cookies.set("language", "en")
        return browser

    return enter
