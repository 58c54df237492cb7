"""Somebody who works in one branch of two: from the catalogue every table with a branch, and from the route table every
address. Nothing of the other branch is seen, changed, or let on to be there.

A new table and a new page are covered the day they appear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import insert

from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.plugins import Plugins
from kernel.schema import BRANCH_GUARD
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.branches import actions as branches
from plugins.branches.forms import BranchForm, TillForm
from plugins.branches.public import terminals
from plugins.identity.public import NewUserForm, add_user_with_password
from plugins.identity.tables import user_branches
from plugins.inventory import public as inventory
from plugins.pos.actions.hold import hold
from plugins.pos.actions.price import price
from plugins.pos.actions.refund import refund
from plugins.pos.actions.sell import sell
from plugins.pos.actions.void import void
from plugins.pos.forms import (
    CartForm,
    CartLineForm,
    OldGoldForm,
    PaymentForm,
    RefundForm,
    ReturnForm,
    SaleForm,
    VoidForm,
)
from plugins.pos.forms import (
    TillForm as CounterForm,
)
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from tests import rows
from tests.conftest import deliver, person
from tests.house.addresses import Address, Belongings, addresses, said
from tests.house.conftest import Trader, make_one_of_each
from tests.house.test_addresses import ask, learn
from tests.house.test_isolation import added, columns_to_write, reached
from tests.house.typed import filled, put, send, spots
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.rows import Superuser
from tests.services import Services

OURS, THEIRS = new_id(), new_id()
#: It stands in the name of all that is in the other branch, and of nobody and nothing else.
ELSEWHERE = "Qazvin"


# Every table


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table that is limited: by a column of its own, by the row of another table, or by who made its rows."""

    table: str
    column: str
    parent: str = ""


def guarded(connection: Superuser) -> list[Guarded]:
    found = connection.execute(
        "SELECT relname, pg_get_expr(polqual, polrelid) FROM pg_policy JOIN pg_class AS c ON c.oid = polrelid "
        "WHERE polname = %s ORDER BY 1",
        (BRANCH_GUARD,),
    )
    return [_guarded(table, condition) for table, condition in found.fetchall()]


def _guarded(table: str, condition: str) -> Guarded:
    if of_another := re.search(r"FROM shop\.(\w+) p\s+WHERE .*p\.id = \w+\.(\w+)", condition):
        return Guarded(table, of_another[2], of_another[1])
    own = re.search(r"(\w+) (?:= ANY|<@)", condition)
    assert own is not None, condition
    return Guarded(table, own[1])


@pytest.fixture(scope="module")
def past_every_rule(services: Services, database_name: str) -> Iterator[Superuser]:
    with psycopg.connect(services.url(None, database_name).replace("+psycopg", "")) as connection:
        yield connection


@pytest.fixture
def tried(past_every_rule: Superuser) -> Iterator[Superuser]:
    """The superuser, for one table at a time: see `both_branches_have`."""
    yield past_every_rule
    past_every_rule.rollback()


@contextmanager
def working_in(connection: Superuser, shop: UUID, *only: UUID) -> Iterator[None]:
    """As the application role, for somebody of these branches."""
    branches = "{" + ",".join(map(str, only)) + "}" if only else ""
    connection.execute(
        "SELECT set_config('app.current_tenant', %s, true), set_config('app.branches', %s, true)", (str(shop), branches)
    )
    connection.execute("SET LOCAL ROLE goldsmith_app")
    yield
    connection.execute("RESET ROLE")


def both_branches_have(connection: Superuser, shop: UUID, one: Guarded) -> None:
    """A row in each branch, and but for its key nothing else tells them apart."""
    connection.rollback()
    for table in filter(None, (one.table, one.parent)):
        rows.without_rules(connection, table)
        nothing_unique(connection, table)
    with rows.unreferenced(connection):
        for branch in (OURS, THEIRS):
            row = rows.sample(connection, one.table) | {"tenant_id": str(shop)}
            if one.parent:
                parent = rows.sample(connection, one.parent) | {"tenant_id": str(shop), "branch_id": str(branch)}
                rows.insert(connection, one.parent, parent)
                rows.insert(connection, one.table, row | {one.column: parent["id"]})
            else:
                named = f"{{{branch}}}" if one.column == "branches" else str(branch)
                rows.insert(connection, one.table, row | {one.column: named})


def nothing_unique(connection: Superuser, table: str) -> None:
    """Nothing but the primary key."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, c.conname FROM pg_index AS i "
        "LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype IN ('u', 'x') "
        "WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary",
        (f"shop.{table}",),
    ).fetchall()
    for index, constraint in found:
        if constraint:
            drop = sql.SQL("ALTER TABLE shop.{} DROP CONSTRAINT {} CASCADE")
            connection.execute(drop.format(sql.Identifier(table), sql.Identifier(constraint)))
        else:
            connection.execute(f"DROP INDEX {index}")


def test_there_are_tables_to_try(tried):
    assert {"branches", "terminals", "branch_closings"} <= {one.table for one in guarded(tried)}


def test_whoever_works_in_one_branch_sees_changes_and_removes_nothing_of_another(tried, subtests):
    shop = new_id()
    for one in guarded(tried):
        with subtests.test(table=one.table):
            both_branches_have(tried, shop, one)
            columns = columns_to_write(tried, one.table)
            with working_in(tried, shop):
                assert reached(tried, "SELECT FROM {table}", one.table) == 2
            with working_in(tried, shop, OURS, THEIRS):
                assert reached(tried, "SELECT FROM {table}", one.table) == 2
            with working_in(tried, shop, new_id()):
                assert reached(tried, "SELECT FROM {table}", one.table) == 0
            with working_in(tried, shop, OURS):
                assert reached(tried, "SELECT FROM {table}", one.table) == 1
                for column in columns:
                    change = f'UPDATE {{table}} SET "{column}" = "{column}"'
                    assert reached(tried, change, one.table) in (1, "ForeignKeyViolation")
                assert reached(tried, "DELETE FROM {table}", one.table) in (1, "InsufficientPrivilege")


def test_whoever_works_in_one_branch_adds_nothing_to_another(tried, subtests):
    shop = new_id()
    for one in guarded(tried):
        # What belongs to a row of the branch is written together with it; who made a row is written by the database.
        if one.parent or one.column == "branches":
            continue
        with subtests.test(table=one.table):
            both_branches_have(tried, shop, one)
            row = rows.sample(tried, one.table) | {"tenant_id": str(shop)}
            with working_in(tried, shop, OURS):
                assert added(tried, one.table, row | {one.column: str(THEIRS)}) == "InsufficientPrivilege"


# Every address


@dataclass(frozen=True, slots=True)
class TwoBranches:
    """A shop that trades in two branches. `here` is the browser of a manager who works in the first one only."""

    trader: Trader
    here: Browser
    branch: UUID
    elsewhere: UUID
    #: What stands in the other branch, by table.
    foreign: dict[str, list[str]]

    @property
    def shop(self) -> Shop:
        return self.trader.shop


@pytest.fixture(scope="module")
def two(
    open_trader: Callable[[str, str], Trader], _database: Database, plugins: Plugins, past_all_rules: Superuser, app
) -> TwoBranches:
    trader = open_trader("IR", "yazd")
    shop, boss = trader.shop, person(plugins)
    with _database.for_shop(shop.id, boss) as uow:
        here = terminals(uow)[0].branch
        elsewhere = branches.add(uow, BranchForm(code="QZ", name=f"{ELSEWHERE} bazaar"))
        branches.add_till(uow, elsewhere.id, TillForm(name=f"{ELSEWHERE} till"))

    def manager_of(branch: UUID) -> Browser:
        email = f"mina-{new_id().hex}@example.com"
        with _database.for_shop(shop.id, boss) as uow:
            mina = add_user_with_password(uow, NewUserForm(name="Mina", email=email, role="manager"), PASSWORD)
            uow.execute(insert(user_branches).values(user_id=mina.id, branch_id=branch))
        browser = Browser(app)
        browser.sign_in(email, PASSWORD)
        return browser

    if "pos" in plugins.by_name:
        trade_in(_database, shop, boss, elsewhere.id)
    make_one_of_each(manager_of(elsewhere.id), plugins, Belongings(past_all_rules, shop.id, plugins))
    if "pos" in plugins.by_name:
        put_the_rate_back(_database, shop, boss)
    deliver(_database, {shop.id})
    return TwoBranches(trader, manager_of(here), here, elsewhere.id, ids_in(past_all_rules, shop, elsewhere.id))


def put_the_rate_back(database: Database, shop: Shop, boss: Actor) -> None:
    """Whoever makes one of each takes it off the board in the end."""
    with database.for_shop(shop.id, boss) as uow:
        fine = Fineness.permille("750")
        set_rate(uow, RateForm(metal=Metal.GOLD, unit=WeightUnit.GRAM, fineness=fine, value=Decimal(7_000_000)))


def trade_in(database: Database, shop: Shop, boss: Actor, branch: UUID) -> None:
    """A bit of everything that a till does, with names by which it is known again."""
    put_the_rate_back(database, shop, boss)
    there = replace(boss, branches=frozenset([branch]), name=f"{ELSEWHERE} seller")
    with database.for_shop(shop.id, there) as uow:
        [till] = terminals(uow)
        fine = Fineness.permille("750")
        weighed = inventory.Weighed(Metal.GOLD, fine, None, Weight.grams("5"), Weight.grams("5"))
        pieces = [
            inventory.add(
                uow,
                inventory.NewItem(
                    inventory.Description(sku=f"{ELSEWHERE}-{number}", name=f"{ELSEWHERE} ring"),
                    weighed,
                    inventory.Kind.PIECE,
                    branch,
                    cost=1_000_000,
                ),
            ).id
            for number in range(6)
        ]
        sold = []
        for piece in pieces[:3]:
            cart = CartForm(
                lines=(CartLineForm(item=piece),),
                old_gold=(OldGoldForm(metal=Metal.GOLD, weight=Weight.grams("1"), fineness=Fineness.permille("700")),),
            )
            due = price(uow, cart).due
            form = SaleForm(
                lines=cart.lines, old_gold=cart.old_gold, id=new_id(), terminal=till.id,
                payments=(PaymentForm(method="cash", amount=due.decimal),), customer_name=f"{ELSEWHERE} customer",
            )  # fmt: skip
            sold.append(sell(uow, form).id)
        why = f"{ELSEWHERE} ring is small"
        refund(uow, sold[0], RefundForm(lines=(ReturnForm(line=1),), method="cash", because=why))
        void(uow, sold[1], VoidForm(because=f"{ELSEWHERE} slip"))
        hold(uow, CounterForm(terminal=till.id, lines=(CartLineForm(item=pieces[3]),)), till, f"{ELSEWHERE} cart")


def ids_in(connection: Superuser, shop: Shop, branch: UUID) -> dict[str, list[str]]:
    """The ids of the newest rows of a branch, by table."""
    found = {}
    for one in guarded(connection):
        if one.parent or one.column == "branches":
            continue
        asked = sql.SQL("SELECT id::text FROM shop.{} WHERE tenant_id = %s AND {} = %s ORDER BY id DESC LIMIT 3")
        try:
            ids = connection.execute(
                asked.format(sql.Identifier(one.table), sql.Identifier(one.column)), (shop.id, branch)
            ).fetchall()
        except psycopg.errors.UndefinedColumn:
            continue  # a total has no id
        if ids:
            found[one.table] = [id for (id,) in ids]
    return found


def limited(plugins: Plugins, *, changes: bool) -> list[Address]:
    """The addresses that are about branches; the books and the trail are about the whole shop."""
    return [
        address
        for address in addresses(plugins, scope=Scope.SHOP, changes=changes)
        if address.route.permission is None or not address.route.permission.whole_shop
    ]


def test_the_other_branch_trades(two, plugins):
    """Whoever works in both finds it, so that whoever does not is a test of something."""
    assert ELSEWHERE in two.trader.owner.get("/branches").text
    if "pos" not in plugins.by_name:
        return
    assert {"branches", "terminals", "items", "sales", "refunds", "held_carts", "stock_movements"} <= set(two.foreign)
    for page in ("/inventory?text=qazvin", "/sales", "/branches", "/search?text=qazvin", "/pos/find?find=qazvin"):
        assert ELSEWHERE in two.trader.owner.get(page).text, page
        assert ELSEWHERE not in two.here.get(page).text, page


def test_no_answer_names_anything_of_another_branch(two, plugins, clock, subtests):
    theirs = [id for ids in two.foreign.values() for id in ids]
    for address in limited(plugins, changes=False):
        with subtests.test(str(address)):
            found = two.trader.belongings.of(two.here, address) if address.ids else {}
            if found is None:
                continue  # what others made is not for her
            answer = two.here.get(address.at(found))
            assert ELSEWHERE not in answer.text
            assert [id for id in theirs if id in answer.text] == []


def test_what_is_in_another_branch_is_answered_like_what_never_was(two, plugins, clock, subtests):
    for address in limited(plugins, changes=False):
        found = (two.trader.belongings.of(two.here, address) if address.ids else None) or {}
        for name in found:
            for foreign in of_its_kind(two, found[name]):
                with subtests.test(str(address), id=foreign):
                    made_up = str(new_id())
                    there = two.here.get(address.at(found | {name: foreign}))
                    nowhere = two.here.get(address.at(found | {name: made_up}))
                    assert said(there, foreign) == said(nowhere, made_up)
                    assert there.status_code == 404


def test_what_is_in_another_branch_cannot_be_changed(two, plugins, clock, past_all_rules, subtests):
    learn(plugins, Trader(two.shop, two.here, two.trader.belongings))
    before = everything_in(past_all_rules, two)
    for address in limited(plugins, changes=True):
        own = two.trader.belongings.probably(address.ids)
        data = filled(address.route.form, two.trader.belongings.likely_one) if address.route.form else {}
        for name in address.ids:
            for foreign in of_its_kind(two, own[name]):
                with subtests.test(str(address), id=foreign):
                    made_up = str(new_id())
                    there = send(two.here, address.route, address.at(own | {name: foreign}), data)
                    nowhere = send(two.here, address.route, address.at(own | {name: made_up}), data)
                    assert said(there, foreign) == said(nowhere, made_up)
                    assert 400 <= there.status_code < 500
    assert everything_in(past_all_rules, two) == before


def test_in_a_form_what_is_in_another_branch_is_taken_for_what_never_was(two, plugins, clock, past_all_rules, subtests):
    learn(plugins, Trader(two.shop, two.here, two.trader.belongings))
    before = everything_in(past_all_rules, two)
    for address in (*limited(plugins, changes=False), *limited(plugins, changes=True)):
        form = address.route.form or address.route.query
        if form is None or not any(spot.is_id for spot in spots(form)):
            continue
        path = address.at(two.trader.belongings.probably(address.ids))
        data = filled(form, two.trader.belongings.likely_one)
        # The key that a till gives to what it sends is one of the whole shop.
        for spot in (spot for spot in spots(form) if spot.is_id and spot.name != "id"):
            for foreign in (ids[0] for ids in two.foreign.values()):
                with subtests.test(str(address), field=spot.path, id=foreign):
                    made_up = str(new_id())
                    there, nowhere = (
                        ask(two.here, address, path, put(data, spot.path, one)) for one in (foreign, made_up)
                    )
                    assert said(there, foreign) == said(nowhere, made_up)
                    assert there.status_code < 500
    assert everything_in(past_all_rules, two) == before


def of_its_kind(two: TwoBranches, own: str) -> list[str]:
    """What the other branch has of the table in which this is."""
    table = next((table for table, ids in two.trader.belongings.ids.items() if own in ids), "")
    return two.foreign.get(table, [])[:1]


def everything_in(connection: Superuser, two: TwoBranches) -> dict[str, str]:
    """A fingerprint of what stands in the other branch: the same while nothing of it is written."""
    found = {}
    for one in guarded(connection):
        if not one.parent and one.column != "branches":
            asked = sql.SQL(
                "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM shop.{} AS t "
                "WHERE tenant_id = %s AND {} = %s"
            ).format(sql.Identifier(one.table), sql.Identifier(one.column))
            [(found[one.table],)] = connection.execute(asked, (two.shop.id, two.elsewhere)).fetchall()
    return found
