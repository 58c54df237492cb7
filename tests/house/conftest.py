"""Two shops with some days of trade behind them, and somebody signed in to each: what the whole house is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from starlette.applications import Starlette

from kernel import faults
from kernel.clock import SetClock
from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Shop
from kernel.uow import Database
from plugins.identity.public import NewUserForm, add_user_with_password
from tests.conftest import NOW, deliver, installed, open_shop, person
from tests.house.addresses import Belongings, addresses
from tests.house.typed import filled, send
from tests.plugins.announcements.conftest import fields
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD, admin_signs_in, app, browser, signed_in
from tests.rows import Superuser
from tests.services import Services

__all__ = ["admin_signs_in", "app", "browser", "signed_in"]

PIECES, DAYS = 90, 4


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`each_plugin` is every installed one in turn, by name."""
    if "each_plugin" in metafunc.fixturenames:
        metafunc.parametrize("each_plugin", installed(metafunc.config))


@dataclass(frozen=True, slots=True)
class Trader:
    """A shop that has traded, its owner's browser, the ids of what is in it, and the owner's address."""

    shop: Shop
    owner: Browser
    belongings: Belongings
    email: str = ""


@pytest.fixture(scope="session")
def past_all_rules(services: Services, database_name: str) -> Iterator[Superuser]:
    """The superuser, who sees the rows of all shops. In autocommit: an open transaction would hold up who alters."""
    with psycopg.connect(services.url(None, database_name).replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def open_trader(
    app: Starlette, _database: Database, plugins: Plugins, past_all_rules: Superuser
) -> Callable[[str, str], Trader]:
    """Open a shop and let it trade: `open_trader("IR", "tehran")`."""

    def opened(market: str, login: str) -> Trader:
        clock = _database.clock
        assert isinstance(clock, SetClock)
        clock.at = NOW - timedelta(days=DAYS)
        actor = person(plugins)
        shop = open_shop(_database, actor, market)
        email = f"{login}-{new_id().hex}@example.com"
        with _database.for_shop(shop.id, actor) as uow:
            add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)
        trade(_database, clock, shop)
        clock.at = NOW
        owner = Browser(app)
        owner.sign_in(email, PASSWORD)
        make_one_of_each(owner, plugins, Belongings(past_all_rules, shop.id, plugins))
        deliver(_database, {shop.id})
        past_all_rules.rollback()
        return Trader(shop, owner, Belongings(past_all_rules, shop.id, plugins), email)

    return opened


def trade(database: Database, clock: SetClock, shop: Shop) -> None:
    """Some days as the demo has them; nothing where only some plugins are installed, and no till among them."""
    if "pos" not in shop.plugins:
        return
    from adapters.demo import trade as demo
    from adapters.demo.catalogue import DUBAI, TEHRAN

    window: Any = TEHRAN if shop.market == "IR" else DUBAI
    with pytest.MonkeyPatch.context() as patched:
        # The market's rates are the installation's and stay: other tests on this database begin without any.
        patched.setattr(demo, "fetch_market_rates", lambda _uow, _source: None)
        demo.Trade(database, clock, shop.id, window, seed=1).fill(PIECES, DAYS)


def make_one_of_each(owner: Browser, plugins: Plugins, belongings: Belongings) -> None:
    """What a form makes that is filled with the first thing it takes; one sale comes back, and some work is long."""
    # What takes a rate off the board comes last: the others need it.
    for address in sorted(
        addresses(plugins, scope=Scope.SHOP, changes=True), key=lambda one: "leaving" in one.route.path
    ):
        if address.route.form is not None and not address.names:
            for sparingly in (True, False):
                data = filled(address.route.form, belongings.likely_one, sparingly=sparingly)
                send(owner, address.route, address.at({}), data)
    owner.post("/books/proof")
    for sale in belongings.ids.get("sales", [])[:1]:
        owner.send("POST", f"/api/v1/sales/{sale}/refunds", {"id": str(new_id()), "method": "cash", "because": "small"})


@pytest.fixture(scope="session")
def ours(open_trader: Callable[[str, str], Trader]) -> Trader:
    return open_trader("IR", "tehran")


@pytest.fixture(scope="session")
def theirs(open_trader: Callable[[str, str], Trader]) -> Trader:
    return open_trader("IR", "isfahan")


@pytest.fixture
def a_fault(database: Database) -> None:
    """Something that broke, for the pages that tell of it."""
    faults.note(database, "page", "tests.house", ZeroDivisionError("nothing to divide by"))


@pytest.fixture
def ada(admin_signs_in: Callable[[], Browser]) -> Browser:
    """An admin of the platform, whose pages are about something."""
    ada = admin_signs_in()
    ada.post("/platform/announcements", **fields())
    return ada
