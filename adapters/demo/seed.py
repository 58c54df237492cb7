"""Fill an installation with shops, people, stock, rates and a month of sales. What is there already stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from adapters.config import Config
from adapters.container import Container
from adapters.demo.catalogue import DUBAI, TEHRAN, Window
from adapters.demo.trade import Trade
from adapters.launcher.keys import Keys
from kernel.clock import SetClock, SystemClock
from kernel.errors import NotFound
from kernel.i18n import _
from kernel.plans import begin_with
from kernel.safe import Safe
from kernel.tenancy import system
from kernel.uow import Database
from plugins.identity import public as identity
from plugins.tenants import public as tenants

SEED = system("demo")
ADMIN = "Nadia Rahman"
PIECES = 240
DAYS = 30


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who can sign in. `language` is what they will read."""

    who: str
    email: str
    password: str
    language: str
    #: The seed of their authenticator app, where a password is not enough.
    app: str = ""

    def plain(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop of the demo and the people who work in it: role, name and the first part of their address."""

    slug: str
    name: str
    market: str
    window: Window
    people: tuple[tuple[str, str, str], ...]


TEHRAN_SHOP = DemoShop(
    "mehr", "طلای مهر", "IR", TEHRAN,
    (("owner", "مهرداد نوری", "mehrdad"), ("manager", "لیلا صادقی", "leila"), ("employee", "امیر قاسمی", "amir")),
)  # fmt: skip
DUBAI_SHOP = DemoShop(
    "creek", "Creek Gold & Jewels", "AE", DUBAI,
    (("owner", "Sara Al Falasi", "sara"), ("manager", "Ravi Nair", "ravi"), ("employee", "Mona Aziz", "mona")),
)  # fmt: skip


def seed(config: Config, keys: Keys, *, shops: int, items: int | None, say: Callable[[str], None]) -> list[Login]:
    """Bring the installation to `shops` shops with `items` pieces each; answers who can sign in."""
    now = SystemClock().now()
    clock = SetClock(now)
    container = Container(config=config)
    container.clock.override(clock)
    database: Database = container.database()
    try:
        with database.for_platform("the demo's plans", SEED) as work:
            begin_with(work, database.plugins.offer.plans.values())
        logins = [_admin(database, container.ports()[Safe], keys)]
        for place in range(shops):
            shop = _shop(place)
            logins += [
                Login(f"{shop.name}, {role}", _email(shop, login), keys.shop_password, shop.window.language)
                for role, _name, login in shop.people
            ]
            if not _is_there(database, shop):
                say(_("Opening {shop} and a month of its trade ...").format(shop=shop.name))
                clock.at = now - timedelta(days=DAYS)
                _open(database, clock, shop, keys, items or PIECES, place)
                clock.at = now
        return logins
    finally:
        database.close()


def _admin(database: Database, safe: Safe, keys: Keys) -> Login:
    login = Login(_("Platform administrator"), "admin@goldsmith.example", keys.admin_password, "en", keys.admin_app)
    with database.for_platform("the demo's administrator", SEED) as work:
        identity.add_admin(work, login.email, ADMIN, login.password)
        identity.give_app(work, safe, login.email, login.app)
    return login


def _shop(place: int) -> DemoShop:
    """The first two have names of their own; more of them, for load, are numbered branches of the same two kinds."""
    base = (TEHRAN_SHOP, DUBAI_SHOP)[place % 2]
    if place < 2:
        return base
    number = place // 2 + 1
    return DemoShop(f"{base.slug}-{number}", f"{base.name} {number}", base.market, base.window, base.people)


def _email(shop: DemoShop, login: str) -> str:
    return f"{login}@{shop.slug}.example"


def _is_there(database: Database, shop: DemoShop) -> bool:
    with database.for_platform("is the demo filled", SEED, read_only=True) as work:
        try:
            tenants.shop_called(work, shop.slug)
        except NotFound:
            return False
    return True


def _open(database: Database, clock: SetClock, shop: DemoShop, keys: Keys, items: int, place: int) -> None:
    (_role, owner, login), *others = shop.people
    form = tenants.NewShopForm(
        name=shop.name,
        slug=shop.slug,
        market=shop.market,
        plan="complete",
        owner_name=owner,
        owner_email=_email(shop, login),
    )
    opened = tenants.create_shop(database, SEED, form, password=keys.shop_password)
    with database.for_shop(opened.shop.id, SEED) as uow:
        for role, name, login in others:
            person = identity.NewUserForm(name=name, email=_email(shop, login), role=role)
            identity.add_user_with_password(uow, person, keys.shop_password)
    Trade(database, clock, opened.shop.id, shop.window, seed=place).fill(items, DAYS)
