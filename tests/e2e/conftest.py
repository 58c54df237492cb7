"""A real browser before the real product: two shops that trade, one in English and one in Persian."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser

from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import TenantId
from tests.conftest import installed, migration_folders
from tests.e2e import filling
from tests.e2e.installation import ADMIN, SHOPS, Installation, email, fill, running
from tests.e2e.tab import Tab
from tests.e2e.visitor import Visitor, an_address
from tests.house.addresses import Address, Belongings, addresses, of_the_platform
from tests.rows import Superuser
from tests.services import Services
from web.proof import FRESH_FOR


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`each_plugin` is every installed one in turn, by name; `language` both."""
    if "each_plugin" in metafunc.fixturenames:
        metafunc.parametrize("each_plugin", installed(metafunc.config))
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", ["en", "fa"])


@pytest.fixture(scope="session")
def installation(
    services: Services, plugins: Plugins, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """This worker's own."""
    template = services.template(migration_folders(plugins))
    database = services.make(services.filled(template, "demo", lambda name: fill(services, name)))
    with running(services, database, tmp_path_factory.mktemp("installation")) as installation:
        yield installation
    services.drop(database)


@pytest.fixture(scope="session")
def superuser_there(services: Services, installation: Installation) -> Iterator[Superuser]:
    """Sees the rows of all shops of the installation."""
    url = services.url(None, installation.database).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def visitor(installation: Installation) -> Callable[[str], Visitor]:
    """Somebody who is signed in: `visitor("sara@creek.example")`, anew before they would be asked who they are."""
    known: dict[str, tuple[float, Visitor]] = {}

    def signed_in(who: str) -> Visitor:
        since, visitor = known.get(who, (-math.inf, None))
        if visitor is None or time.monotonic() - since > FRESH_FOR.total_seconds() / 2:
            visitor = Visitor.signed_in(installation, who)
            known[who] = time.monotonic(), visitor
        return visitor

    return signed_in


@pytest.fixture
def open_tab(chromium: Browser, installation: Installation, visitor: Callable[[str], Visitor]) -> Callable[..., Any]:
    """A tab, of nobody with `role=None`: `with open_tab("fa", "manager") as tab`. Complaints of pages fail the test."""

    @contextmanager
    def opened(language: str = "en", role: str | None = "owner", **options: Any) -> Iterator[Tab]:
        headers = an_address()
        tab = Tab(chromium, installation.address, language=language, extra_http_headers=headers, **options)
        if role is not None:
            who = ADMIN if role == "admin" else email(language, role)
            tab.context.add_cookies(visitor(who).cookies)
        tab.context.add_cookies([{"name": "language", "value": language, "url": installation.address}])
        try:
            yield tab
        finally:
            tab.close()
        assert tab.told() == [], installation.last_words()

    return opened


@pytest.fixture
def new_admin(superuser_there: Superuser) -> str:
    """The address of somebody who runs the installation from now on, with the password of all, and no second step."""
    address = f"admin-{new_id().hex}@goldsmith.example"
    superuser_there.execute(A_NEW_ADMIN, {"address": address, "model": ADMIN})
    return address


#: The plan of the demo's shops.
DEMO_PLAN = "complete"

A_NEW_ADMIN = """
    WITH person AS (
        INSERT INTO platform.people (id, email, password_hash)
        SELECT uuidv7(), %(address)s, password_hash FROM platform.people WHERE email = %(model)s RETURNING id
    )
    INSERT INTO platform.admins (person_id, name, made_by) SELECT id, 'Ada', 'e2e' FROM person
"""

#: Something that broke, for the page that tells of it.
A_FAULT = """
    INSERT INTO platform.faults (id, fingerprint, kind, place, error, line, raised_at, first_at, last_at) VALUES
    (uuidv7(), 'e2e', 'page', 'pos.complete_sale', 'KeyError', '…', 'plugins/pos/actions/sell.py:41 sell', now(), now())
    ON CONFLICT DO NOTHING
"""


class Pages:
    """Every page that there is, with the ids of something that it can be opened for in the shop of a language."""

    def __init__(self, plugins: Plugins, superuser: Superuser, visitor: Callable[[str], Visitor]) -> None:
        self._plugins = plugins
        self._superuser = superuser
        self._visitor = visitor
        self._shops = {language: _shop(superuser, slug) for language, slug in SHOPS.items()}
        for language in SHOPS:
            filling.fill(visitor(email(language)), language)
        filling.announce(visitor(ADMIN))
        superuser.execute(A_FAULT)
        self._belongings = {language: Belongings(superuser, shop, plugins) for language, shop in self._shops.items()}

    def of(self, plugin: str) -> list[Address]:
        found = addresses(self._plugins, changes=False)
        return [address for address in found if address.plugin == plugin and not address.route.is_api]

    def path(self, address: Address, language: str) -> str | None:
        """Where it can be looked at; None when it answers with something that is no page."""
        scope = address.route.scope
        if address.is_in_letters:
            return None
        if scope is Scope.SHOP:
            owner = self._visitor(email(language))
            ids = self._belongings[language].of(owner, address)
            assert ids is not None, f"nothing in the demo opens {address}: let `filling.py` make one"
        else:
            owner = self._visitor(ADMIN)
            ids = of_the_platform(self._superuser, address, self._shops[language])
        path = address.at({**ids, "plan": DEMO_PLAN})
        # A part of a page that htmx asks for is seen where it stands; a file is no page.
        return path if owner.get(path).text.startswith("<!doctype html>") else None


def _shop(superuser: Superuser, slug: str) -> TenantId:
    row = superuser.execute("SELECT id FROM platform.tenants WHERE slug = %s", (slug,)).fetchone()
    assert row is not None
    return TenantId(row[0])


@pytest.fixture(scope="session")
def pages(plugins: Plugins, superuser_there: Superuser, visitor: Callable[[str], Visitor]) -> Pages:
    return Pages(plugins, superuser_there, visitor)
