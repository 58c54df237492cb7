"""What every test stands on: real PostgreSQL, the installed plugins, and a new shop for each test.

Nothing is cleaned up between tests: each has a shop of its own, so isolation is tested all day. Everything runs as
the application role; only `owner` and `superuser` are more, for breaking things on purpose.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import entry_points
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import Cursor
from sqlalchemy import Connection, Engine, NullPool, create_engine, event

import plugins as built_in
from kernel import i18n, outbox
from kernel.clock import SetClock
from kernel.events import PluginEnabled, ShopOpened
from kernel.hooks import ENTRY_POINTS
from kernel.ids import new_id
from kernel.outbox import Envelope
from kernel.plans import Plan, begin_with
from kernel.plugins import Offer, Plugins
from kernel.tenancy import Actor, ActorKind, Shop, TenantId, system
from kernel.uow import Database, UnitOfWork, open_engine
from tests.services import Services, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent

#: Monday. In the past, so that what is due by this clock is due by PostgreSQL's, too.
NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)

#: Market → currency, language, zone, calendar.
MARKETS = {
    "IR": ("IRT", "fa", "Asia/Tehran", "jalali"),
    "AE": ("AED", "en", "Asia/Dubai", "gregorian"),
    "GB": ("GBP", "en", "Europe/London", "gregorian"),
    "IN": ("INR", "en", "Asia/Kolkata", "gregorian"),
    "SA": ("SAR", "en", "Asia/Riyadh", "gregorian"),
    "TR": ("TRY", "en", "Europe/Istanbul", "gregorian"),
    "US": ("USD", "en", "America/New_York", "gregorian"),
}

#: What the small plan allows, for tests of limits.
SMALL = {"items": 3, "users": 2, "branches": 1}


# A browser: one for each worker, because a second one would need a process loop of its own.

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

#: It asks nobody but us: nothing is fetched, updated or synchronised behind a test's back.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser; tests open contexts of their own in it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) to look at pages in a browser")
    # Imported where it is needed: most runs need no browser.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


# Services: one of each for a run. Under xdist the controller has them, and tells the workers where they are.

_services = pytest.StashKey[Services]()
_held = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-samples", action="store_true", help="write samples of events that have none yet")
    parser.addoption("--only-plugins", help="install only these built-in plugins, for work on one of them: a,b,c")
    parser.addoption("--outside", default="", help="install these plugins of other packages, too: a,b,c")


def _start(config: pytest.Config) -> Services:
    if _services not in config.stash:
        config.stash[_held] = ExitStack()
        config.stash[_services] = config.stash[_held].enter_context(running())
    return config.stash[_services]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    at = _start(node.config)
    node.workerinput["services"] = (at.postgres, at.redis, at.run)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _held in config.stash:
        config.stash[_held].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a browser is promised, as in CI, a browser test that skips itself has failed."""
    report = yield
    if report.skipped and "GOLDSMITH_NO_SKIP" in os.environ and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Services:
    told: dict[str, Any] = getattr(pytestconfig, "workerinput", {})
    return Services(*told["services"]) if "services" in told else _start(pytestconfig)


# The installation: every plugin there is, on one database for each worker.


def built_ins() -> tuple[str, ...]:
    """The plugins of the house; a folder without `plugin.py` is not one yet."""
    folders = (Path(path) for path in built_in.__path__)
    return tuple(sorted(found.parent.name for folder in folders for found in folder.glob("*/plugin.py")))


def installed(config: pytest.Config) -> tuple[str, ...]:
    """The built-in plugins and those of other packages that this run is about, by name."""
    only, outside = config.getoption("only_plugins"), tuple(filter(None, config.getoption("outside").split(",")))
    wanted = None if only is None else required_by({*only.split(","), *outside})
    return (*(name for name in built_ins() if wanted is None or name in wanted), *outside)


def required_by(names: set[str]) -> set[str]:
    """These plugins, and what they cannot do without."""
    outside = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            here = name in built_ins()
            module = importlib.import_module(f"plugins.{name}.plugin") if here else outside[name].load()
            waiting += module.manifest().requires
    return found


def offer_of(names: Sequence[str]) -> Offer:
    """Plans for tests: `all` has everything, `small` has little room, `bare` has nothing switched on."""
    everything = frozenset(names)
    plans = [
        Plan("all", "All", everything, {}),
        Plan("small", "Small", everything, SMALL),
        Plan("bare", "Bare", frozenset(), {}),
    ]
    return Offer(tuple(names), {plan.name: plan for plan in plans})


def migration_folders(plugins: Plugins) -> list[Path]:
    return [at for plugin in plugins.by_name.values() if (at := plugin.folder / "migrations").is_dir()]


@pytest.fixture(scope="session")
def adapters(pytestconfig: pytest.Config) -> Mapping[type[Any], Any]:
    """What serves the ports: each plugin's `tests/plugins/<name>/fakes.py` has `adapters() -> {Port: fake}`."""
    bound: dict[type[Any], Any] = {}
    for name in installed(pytestconfig):
        if (HERE / "plugins" / name / "fakes.py").exists():
            bound |= importlib.import_module(f"tests.plugins.{name}.fakes").adapters()
    return bound


@pytest.fixture(scope="session")
def plugins(pytestconfig: pytest.Config, adapters: Mapping[type[Any], Any]) -> Plugins:
    """Every built-in plugin, with fakes for the outside."""
    return Plugins.load(offer_of(installed(pytestconfig)), adapters)


@pytest.fixture(scope="session")
def database_name(services: Services, plugins: Plugins) -> Iterator[str]:
    """This worker's database."""
    name = services.make(services.template(migration_folders(plugins)))
    yield name
    services.drop(name)


@dataclass(slots=True)
class Statements:
    """Every SQL statement that was sent, BEGIN and COMMIT included: each is a round trip."""

    sent: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.sent.clear()

    def __len__(self) -> int:
        return len(self.sent)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """What was sent inside the block, after it."""
        before = len(self.sent)
        during: list[str] = []
        yield during
        during += self.sent[before:]

    def watch(self, engine: Engine) -> None:
        sent = self.sent

        class Recording(Cursor[Any]):
            def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
                sent.append(str(query, "utf-8") if isinstance(query, bytes) else str(query))
                return super().execute(query, *args, **kwargs)

            def executemany(self, query: Any, *args: Any, **kwargs: Any) -> Any:
                sent.append(str(query))
                return super().executemany(query, *args, **kwargs)

        @event.listens_for(engine, "do_connect")
        def _record(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
            options["cursor_factory"] = Recording


@pytest.fixture(scope="session")
def _statements() -> Statements:
    return Statements()


@pytest.fixture
def statements(_statements: Statements) -> Statements:
    """The statements of this test."""
    _statements.clear()
    return _statements


@pytest.fixture(scope="session")
def engines(services: Services, database_name: str, _statements: Statements) -> Iterator[tuple[Engine, Engine]]:
    """The pools of the application role and of the platform role."""
    shops = open_engine(services.url("goldsmith_app", database_name), pool_size=8)
    platform = open_engine(services.url("goldsmith_platform", database_name), pool_size=2)
    _statements.watch(shops)
    _statements.watch(platform)
    yield shops, platform
    shops.dispose()
    platform.dispose()


@pytest.fixture(scope="session")
def _database(engines: tuple[Engine, Engine], plugins: Plugins) -> Database:
    found = Database(*engines, SetClock(NOW), plugins)
    put_down(found)
    return found


def put_down(database: Database) -> None:
    """The plans of an installation. Many share this database: a plan of the same name has the plugins of all."""
    with database.for_platform("set up", system("test")) as work:
        begin_with(work, database.plugins.offer.plans.values())
        for plan in database.plugins.offer.plans.values():
            work.ask(
                "UPDATE platform.plans SET plugins = plugins || %(plugins)s::text[]"
                " WHERE name = %(name)s AND NOT plugins @> %(plugins)s::text[]",
                {"name": plan.name, "plugins": list(plan.plugins)},
            )


@pytest.fixture
def clock(_database: Database) -> SetClock:
    """The time of `database`; it stands at NOW until a test moves it."""
    assert isinstance(_database.clock, SetClock)
    _database.clock.at = NOW
    return _database.clock


@pytest.fixture
def database(_database: Database, clock: SetClock) -> Database:
    """The two doors of this worker's database, as the application role and the platform role."""
    return _database


@pytest.fixture
def alone(services: Services, plugins: Plugins) -> Iterator[Database]:
    """A database that no other test has: here the platform's rows are this test's own, too."""
    name = services.make(services.template(migration_folders(plugins)))
    shops, platform = (
        open_engine(services.url(role, name), pool_size=2) for role in ("goldsmith_app", "goldsmith_platform")
    )
    yield Database(shops, platform, SetClock(NOW), plugins)
    shops.dispose()
    platform.dispose()
    services.drop(name)


@pytest.fixture
def superuser(services: Services, database_name: str) -> Iterator[psycopg.Connection[Any]]:
    """Past all rules, in autocommit. For breaking things on purpose, never for the way there."""
    url = services.url(None, database_name).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner_connection(services: Services, database_name: str) -> Iterator[Connection]:
    """As the migrator who became the tables' owner: what a migration may do."""
    engine = create_engine(services.url("goldsmith_migrator", database_name), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE goldsmith_owner")
        yield connection


# Shops and people


@pytest.fixture
def actor(plugins: Plugins) -> Actor:
    """A person with every permission there is."""
    return person(plugins)


def person(plugins: Plugins, name: str = "Sara") -> Actor:
    allowed = frozenset(given.value.name for given in plugins.given("permissions"))
    return Actor(ActorKind.PERSON, new_id(), name, allowed)


_numbers = count(1)


def open_shop(database: Database, actor: Actor, market: str = "IR", **overrides: Any) -> Shop:
    """A new shop with all its plugins told, as the tenants plugin opens one."""
    currency, language, zone, calendar = MARKETS[market]
    row = {
        "slug": f"shop-{next(_numbers)}-{new_id().hex[-6:]}",
        "name": f"{market} Gold",
        "market": market,
        "currency": currency,
        "language": language,
        "zone": zone,
        "calendar": calendar,
        "plan": "all",
    } | overrides
    with database.for_new_shop(row, actor) as uow:
        uow.publish(ShopOpened(row["name"]))
        for plugin in uow.plugins.by_name:
            if plugin in uow.shop.plugins:
                uow.publish(PluginEnabled(plugin))
    return uow.shop


@pytest.fixture
def new_shop(database: Database, actor: Actor) -> Callable[..., Shop]:
    """Open another shop: `new_shop("AE", name="Dubai Gold", plan="small")`."""

    def opened(market: str = "IR", **overrides: Any) -> Shop:
        return open_shop(database, actor, market, **overrides)

    return opened


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """A shop of this test's own, in Iran, with everything switched on."""
    return new_shop()


@pytest.fixture
def uow(database: Database, shop: Shop, actor: Actor) -> Iterator[UnitOfWork]:
    """An open unit of work in `shop`; it commits when the test is over."""
    with database.for_shop(shop.id, actor) as work:
        yield work


@pytest.fixture(autouse=True)
def _in_the_language_of_the_code(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """No test reads what catalogue another one has opened; those of plugins from outside are open as at a start."""
    outside = [name for name in request.config.getoption("outside").split(",") if name]
    found = request.getfixturevalue("plugins").by_name if outside else {}
    monkeypatch.setattr(i18n, "_locale_dirs", [found[name].folder / "locale" for name in outside])
    catalogue = i18n._catalogue
    catalogue.cache_clear()
    yield
    catalogue.cache_clear()


# Work that is done later


class HeldQueue:
    """A job queue in memory; keeps what was sent until it is taken."""

    def __init__(self) -> None:
        self.held: list[Envelope] = []

    def send(self, envelope: Envelope) -> None:
        self.held.append(envelope)


def deliver(database: Database, tenants: set[TenantId] | None = None) -> int:
    """Relay and run what is due until nothing is, for `tenants` or all. Answers how much was run."""
    queue, ran = HeldQueue(), 0
    # What fails is due again at once by a clock that stands in the past; it ends in at most `tries_max` rounds.
    for _round in range(1000):
        if outbox.relay(database, queue) == 0:
            return ran
        while queue.held:
            envelope = queue.held.pop(0)
            # Other tests of this worker left theirs: not ours to run.
            if tenants is None or envelope.tenant in tenants:
                outbox.run(database, envelope)
                ran += 1
    raise AssertionError("there is always more to do: a job starts itself again and again")


@pytest.fixture
def deliver_all(database: Database, request: pytest.FixtureRequest) -> Callable[..., int]:
    """Do what was left for later in this test's shop (or in the shops given), now, until nothing is left."""

    def now(*shops: Shop) -> int:
        return deliver(database, {shop.id for shop in shops or (request.getfixturevalue("shop"),)})

    return now
