"""Every table of shops, from the catalogue: what one shop has, another never sees, changes, removes or refers to.

A table is covered the day it appears. Rows are made past checks and triggers; who then reads and writes is the
application role, in a transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import insert, select, update

from kernel.ids import new_id
from kernel.tables import overrides, tenants
from tests import rows
from tests.rows import Superuser
from tests.services import Services

OURS, THEIRS = new_id(), new_id()

#: The right is missing, or the guard refuses: PostgreSQL has one name for both.
DENIED = "InsufficientPrivilege"


@pytest.fixture(scope="module")
def past_all_rules(services: Services, database_name: str) -> Iterator[Superuser]:
    with psycopg.connect(services.url(None, database_name).replace("+psycopg", "")) as connection:
        yield connection


@pytest.fixture
def tried(past_all_rules: Superuser) -> Iterator[Superuser]:
    """The superuser, for one table at a time: see `both_have`."""
    yield past_all_rules
    past_all_rules.rollback()


def both_have(connection: Superuser, table: str) -> dict[str, str]:
    """Give both shops the very same row, so that nothing but the tenant tells them apart."""
    connection.rollback()
    rows.without_rules(connection, table)
    row = rows.sample(connection, table)
    with rows.unreferenced(connection):
        for shop in (OURS, THEIRS):
            rows.insert(connection, table, row | {"tenant_id": str(shop)})
    return row


@contextmanager
def serving(connection: Superuser, shop: UUID | None) -> Iterator[None]:
    """As the application role, in a shop or in none."""
    connection.execute("SELECT set_config('app.current_tenant', %s, true)", (str(shop or ""),))
    connection.execute("SET LOCAL ROLE goldsmith_app")
    yield
    connection.execute("RESET ROLE")


def reached(connection: Superuser, statement: str, table: str, **values: object) -> int | str:
    """How many rows a statement reached, or the name of PostgreSQL's refusal."""
    query = sql.SQL(statement).format(table=sql.Identifier("shop", table))
    try:
        with connection.transaction():
            return connection.execute(query, values).rowcount
    except psycopg.Error as refused:
        return type(refused).__name__


def added(connection: Superuser, table: str, row: dict[str, str]) -> int | str:
    try:
        with connection.transaction():
            rows.insert(connection, table, row)
            return 1
    except psycopg.Error as refused:
        return type(refused).__name__


def columns_to_write(connection: Superuser, table: str) -> list[str]:
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' AND has_column_privilege('goldsmith_app', attrelid, attnum, 'UPDATE')",
        {"table": f"shop.{table}"},
    )
    return [name for (name,) in found]


def test_there_are_tables_to_try(tried):
    assert {"outbox", "counters", "settings"} <= set(rows.tenant_tables(tried))


def test_a_shop_sees_its_own_rows_and_no_others(tried, subtests):
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            both_have(tried, table)
            with serving(tried, THEIRS):
                assert reached(tried, "SELECT FROM {table}", table) in (1, DENIED)
                assert reached(tried, "SELECT FROM {table} WHERE tenant_id = %(it)s", table, it=OURS) in (0, DENIED)


def test_a_shop_changes_no_row_of_another(tried, subtests):
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            both_have(tried, table)
            columns = columns_to_write(tried, table)
            with serving(tried, THEIRS):
                for column in columns:
                    change = f'UPDATE {{table}} SET "{column}" = "{column}" WHERE tenant_id = %(it)s'
                    assert reached(tried, change, table, it=OURS) == 0
                    # The row is there to be changed; what it refers to is not.
                    assert reached(tried, change, table, it=THEIRS) in (1, "ForeignKeyViolation")
                take = "UPDATE {table} SET tenant_id = %(me)s"
                assert reached(tried, f"{take} WHERE tenant_id = %(it)s", table, me=THEIRS, it=OURS) in (0, DENIED)
                assert reached(tried, take, table, me=OURS) == DENIED


def test_a_shop_removes_no_row_of_another(tried, subtests):
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            both_have(tried, table)
            with serving(tried, THEIRS):
                remove = "DELETE FROM {table} WHERE tenant_id = %(it)s"
                assert reached(tried, remove, table, it=OURS) in (0, DENIED)
                assert reached(tried, "TRUNCATE {table} CASCADE", table) == DENIED
            assert reached(tried, "SELECT FROM {table} WHERE tenant_id = %(it)s", table, it=OURS) == 1


def test_a_shop_adds_no_row_to_another(tried, subtests):
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            row = both_have(tried, table) | rows.sample(tried, table)
            with serving(tried, THEIRS):
                assert added(tried, table, row | {"tenant_id": str(OURS)}) == DENIED


def test_without_a_shop_nothing_is_seen_and_nothing_is_written(tried, subtests):
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            both_have(tried, table)
            row = rows.sample(tried, table)
            columns = columns_to_write(tried, table)
            with serving(tried, None):
                assert reached(tried, "SELECT FROM {table}", table) in (0, DENIED)
                assert reached(tried, "DELETE FROM {table}", table) in (0, DENIED)
                for column in columns:
                    assert reached(tried, f'UPDATE {{table}} SET "{column}" = "{column}"', table) == 0
                assert added(tried, table, row | {"tenant_id": str(OURS)}) == DENIED
                row.pop("tenant_id", None)
                assert added(tried, table, row) in (DENIED, "NotNullViolation")


def test_a_key_is_unique_in_a_shop_and_free_in_the_others(tried, subtests):
    """That both have the same row at all is the first half of it."""
    for table in rows.tenant_tables(tried):
        with subtests.test(table=table):
            row = both_have(tried, table)
            with rows.unreferenced(tried):
                assert added(tried, table, row | {"tenant_id": str(OURS)}) == "UniqueViolation"


def test_a_reference_names_a_row_of_the_same_shop_only(tried, subtests):
    for key in rows.foreign_keys(tried):
        with subtests.test(table=key.table, reference=key.name):
            tried.rollback()
            only_this_reference(tried, key)
            other = rows.sample(tried, key.other) | {"tenant_id": str(OURS)}
            with rows.unreferenced(tried):
                rows.without_rules(tried, key.other)
                rows.insert(tried, key.other, other)
            referring = rows.sample(tried, key.table) | {
                ours: other[theirs] for ours, theirs in zip(key.columns, key.others, strict=True)
            }
            assert added(tried, key.table, referring | {"tenant_id": str(THEIRS)}) == "ForeignKeyViolation"
            assert added(tried, key.table, referring | {"tenant_id": str(OURS)}) == 1


def only_this_reference(connection: Superuser, key: rows.ForeignKey) -> None:
    rows.without_rules(connection, key.table)
    # Where a table refers to itself, both rows stand in it: they are the same in every other unique key.
    kinds = ["f", "u"] if key.table == key.other else ["f"]
    others = connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = ANY (%s) AND conname <> %s",
        (f"shop.{key.table}", kinds, key.name),
    ).fetchall()
    table = sql.Identifier("shop", key.table)
    for (name,) in others:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE").format(table, sql.Identifier(name)))
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


# The two tables of the installation that shops may reach


def test_a_shop_changes_no_other_shops_entry_at_the_platform(database, shop, new_shop, actor):
    other = new_shop()
    with database.for_shop(other.id, actor) as uow:
        switch = {"tenant_id": other.id, "kind": "plugin", "name": "till", "enabled": True, "set_by": "x"}
        uow.execute(insert(overrides).values(switch))
    with database.for_shop(shop.id, actor) as uow:
        assert uow.execute(select(tenants.c.id)).scalars().all() == [shop.id]
        assert uow.execute(select(overrides).where(overrides.c.tenant_id == other.id)).all() == []
        assert uow.execute(update(tenants).where(tenants.c.id == other.id).values(name="Mine")).rowcount == 0
        assert uow.execute(update(overrides).values(ended_at=uow.now)).rowcount == 0
        with pytest.raises(Exception, match="row-level security"), uow.nested():
            uow.execute(insert(overrides).values(switch | {"name": "stock"}))
