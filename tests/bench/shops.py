"""Shops with very much in the window: one is filled by the product's own import, the others are its copies."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import sql

from adapters.container import Container
from adapters.limits.memory import MemoryLimits
from kernel.metal import Fineness, Metal, WeightUnit
from kernel.tenancy import Actor, ActorKind, TenantId, system
from kernel.uow import Database
from plugins.branches import public as branches
from plugins.identity.actions.sign_in import sign_in
from plugins.identity.domain.session import Token, Visitor
from plugins.identity.forms import SignInForm
from plugins.inventory.actions import import_file
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from plugins.tenants import public as tenants
from tests.bench.installation import Installation, say
from web.guard import masked
from web.render import CSRF_HEADER

PASSWORD = "four grey horses by the mill"  # for shops that live as long as one run
FILLER = system("bench")

#: One item of eight is a ring, one of a thousand is of the same collection.
SORTS = ("Ring", "Necklace", "Bracelet", "Earrings", "Bangle", "Chain", "Pendant", "Brooch")
COMMON, RARE = "ring", "collection"
#: Every fifth is counted stock, of which there is enough for every measurement.
COUNTED_EVERY, ON_HAND = 5, 500_000
WEIGHTS = ("1.000", "2.500", "5.000")
LINES = len(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as a till knows it: who is signed in, and what can be sold by the thousand."""

    id: TenantId
    till: UUID
    #: Of each weight some counted goods: one of each makes a basket, and all baskets cost the same.
    goods: tuple[tuple[UUID, ...], ...]
    token: Token

    def basket(self, number: int) -> list[UUID]:
        return [ids[number % len(ids)] for ids in self.goods]

    def headers(self, cookie: str) -> dict[str, str]:
        return {"Cookie": f"{cookie}={self.token.secret}", CSRF_HEADER: masked(self.token.csrf)}


def shops(house: Installation, number: int, items: int) -> list[Shop]:
    """So many shops with so many items each, rates set and people signed in; made where they are not there yet."""
    container = Container(config=house.config)
    database: Database = container.database()
    try:
        done = house.folder / "filled.json"
        if not done.exists():
            _fill(house, database, number, items)
            done.write_text(json.dumps({"shops": number, "items": items}))
        elif json.loads(done.read_text()) != {"shops": number, "items": items}:
            raise SystemExit(f"{house.folder} was filled with {done.read_text()}: ask for the same, or another folder.")
        say("Signing in ...")
        with ThreadPoolExecutor(2) as two:
            tokens = list(two.map(lambda place: _signed_in(database, place), range(number)))
        return list(_there(house, database, tokens))
    finally:
        database.close()


def word(kind: str, items: int) -> str:
    """A word to look for: of every eighth item, or of ten of them."""
    return COMMON if kind == "common" else f"{RARE}{items // 20 % max(items // 10, 1):04d}"


def _fill(house: Installation, database: Database, number: int, items: int) -> None:
    say(f"Opening {number} shops ...")
    with ThreadPoolExecutor(2) as two:
        opened = list(two.map(lambda place: _open(database, place), range(number)))
    say(f"Importing {items} items into the first ...")
    first, *others = opened
    _import(database, first, items)
    say("Copying them to the others ...")
    with ThreadPoolExecutor(2) as two:
        for count, _done in enumerate(two.map(lambda shop: _copy(house, first, shop), others), 2):
            if count % 25 == 0:
                say(f"  {count} of {number}")
    for shop in opened:
        _set_rate(database, shop)
    say("Tidying the database ...")
    with house.superuser() as admin:
        admin.execute("VACUUM (ANALYZE)")
        admin.execute("CHECKPOINT")


def _open(database: Database, place: int) -> TenantId:
    form = tenants.NewShopForm(
        name=f"Bench {place}",
        slug=_slug(place),
        market="AE",
        plan="complete",
        owner_name="Sara",
        owner_email=_owner(place),
    )
    return tenants.create_shop(database, FILLER, form, password=PASSWORD).shop.id


def _import(database: Database, shop: TenantId, items: int) -> None:
    actor = Actor(ActorKind.SYSTEM, None, "bench")
    with database.for_shop(shop, actor) as uow:
        added = import_file.bring(uow, "bench.csv", _sheet(items), branches.branches(uow)[0].id)
    with database.for_shop(shop, actor) as uow:
        import_file.read_on(uow, added.id, 0, items)
        import_file.confirm(uow, added.id)
        import_file.enter(uow, added.id)


def _sheet(items: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["sku", "name", "kind", "category", "craftsmanship", "metal", "stamped", "gross", "net", "making_kind",
         "making_value", "quantity", "cost", "barcode"]
    )  # fmt: skip
    writer.writerows(_row(number, items) for number in range(items))
    return out.getvalue().encode()


def _row(number: int, items: int) -> list[object]:
    sort = SORTS[number % len(SORTS)]
    collection = f"{RARE.title()}{number % max(items // 10, 1):04d}"
    if number % COUNTED_EVERY == 0:
        weight = WEIGHTS[number // COUNTED_EVERY % LINES]
        making = ["per_piece", "40", ON_HAND, "300.00"]
        kind = "counted"
    else:
        weight = f"{1 + number % 977 / 50:.3f}"
        making = ["percent", str(8 + number % 20), 1, "900.00"]
        kind = "piece"
    made = ("Handmade", "Cast", "Machine made")[number % 3]
    name = f"{sort} {collection} {('yellow', 'white', 'rose')[number % 3]} gold"
    kind_of, value, quantity, cost = making
    return [
        f"B-{number:05d}", name, kind, f"{sort}s", made, "gold", "750", weight, weight, kind_of, value, quantity, cost,
        f"29{number:06d}",
    ]  # fmt: skip


#: What an import leaves behind, in the order of their references.
_COPIED = ("categories", "items", "item_words", "stock_movements")


def _copy(house: Installation, source: TenantId, target: TenantId) -> None:
    """The same rows for another shop; ids are a shop's own, so they may be the same."""
    with house.superuser() as admin, admin.transaction():
        # The rows are right already: no references to check, no words to find.
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("SET LOCAL synchronous_commit = off")
        branch = admin.execute("SELECT id FROM shop.branches WHERE tenant_id = %s", [target]).fetchone()
        assert branch is not None
        instead: dict[str, Any] = {"tenant_id": target, "branch_id": branch[0]}
        for table in _COPIED:
            names = [
                name
                for (name,) in admin.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                    "AND NOT attisdropped AND attgenerated = ''",
                    [f"shop.{table}"],
                )
            ]
            values = [sql.Literal(instead[name]) if name in instead else sql.Identifier(name) for name in names]
            admin.execute(
                sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE tenant_id = {source}").format(
                    table=sql.Identifier("shop", table),
                    names=sql.SQL(", ").join(map(sql.Identifier, names)),
                    values=sql.SQL(", ").join(values),
                    source=sql.Literal(source),
                )
            )


def _set_rate(database: Database, shop: TenantId) -> None:
    form = RateForm(metal=Metal.GOLD, unit=WeightUnit.GRAM, fineness=Fineness(10_000), value=Decimal("310.00"))
    with database.for_shop(shop, FILLER) as uow:
        set_rate(uow, form)


def _signed_in(database: Database, place: int) -> Token:
    """The owner of a shop comes in by the door, with a password."""
    # Each from an address of their own: the door counts tries.
    visitor = Visitor(f"10.0.{place // 250}.{place % 250}", "bench")
    return sign_in(database, MemoryLimits(), SignInForm(email=_owner(place), password=PASSWORD), visitor).token


def _there(house: Installation, database: Database, tokens: list[Token]) -> Iterator[Shop]:
    """What was filled, as it stands in the database."""
    with house.superuser() as admin:
        for place, token in enumerate(tokens):
            found = admin.execute("SELECT id FROM platform.tenants WHERE slug = %s", [_slug(place)]).fetchone()
            assert found is not None
            shop = TenantId(found[0])
            goods = [
                admin.execute(
                    "SELECT id FROM shop.items WHERE tenant_id = %s AND kind = 'counted' AND net_mg = %s ORDER BY id",
                    [shop, int(Decimal(grams) * 1000)],
                ).fetchall()
                for grams in WEIGHTS
            ]
            with database.for_shop(shop, FILLER, read_only=True) as uow:
                till = branches.terminals(uow)[0]
            yield Shop(shop, till.id, tuple(tuple(id_ for (id_,) in of_weight) for of_weight in goods), token)


def _slug(place: int) -> str:
    return f"bench-{place:04d}"


def _owner(place: int) -> str:
    return f"sara@{_slug(place)}.example"
