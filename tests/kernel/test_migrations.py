"""Migrations: from nothing to today, back to nothing, and the code's tables are the database's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, MetaData, NullPool, Table, create_engine, inspect, text

from kernel import gate, migrate
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.schema import SCHEMA
from kernel.tables import (
    audit_changes,
    audit_entries,
    audit_heads,
    counters,
    flag_sightings,
    long_work,
    outbox,
    settings,
)
from tests.conftest import migration_folders
from tests.rows import fill, tenant_tables
from tests.services import Services

#: Everything there is to say about our schemas, one line each; the same database says the same.
DESCRIPTION = """
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('app', 'shop', 'platform', 'public'))
SELECT 'column ' || attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' '
    || attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce(attacl::text, '')
    FROM pg_attribute LEFT JOIN pg_attrdef AS d ON d.adrelid = attrelid AND d.adnum = attnum
    JOIN pg_class AS c ON c.oid = attrelid JOIN ours ON ours.oid = c.relnamespace
    WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'table ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || relrowsecurity || relforcerowsecurity
    || ' ' || relowner::regrole || ' ' || coalesce(relacl::text, '') || ' ' || coalesce(reloptions::text, '')
    FROM pg_class AS c JOIN ours ON ours.oid = c.relnamespace
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint AS c JOIN ours ON ours.oid = connamespace
UNION ALL SELECT pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid JOIN ours ON ours.oid = c.relnamespace
UNION ALL SELECT 'policy ' || polrelid::regclass || ' ' || polname || ' ' || polpermissive || ' ' || polcmd::text || ' '
    || polroles::text || ' ' || pg_get_expr(polqual, polrelid) || ' ' || pg_get_expr(polwithcheck, polrelid)
    FROM pg_policy
UNION ALL SELECT pg_get_functiondef(p.oid) || ' ' || proowner::regrole || ' ' || coalesce(proacl::text, '')
    FROM pg_proc AS p JOIN ours ON ours.oid = pronamespace WHERE prokind = 'f'
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'schema ' || nspname || ' ' || coalesce(nspacl::text, '')
    FROM pg_namespace WHERE nspname IN ('app', 'shop', 'platform', 'public')
ORDER BY 1
"""


@pytest.fixture
def folders(plugins: Plugins) -> list[Path]:
    return migration_folders(plugins)


@pytest.fixture
def template(services: Services, folders: list[Path]) -> str:
    return services.template(folders)


class Scratch:
    """A database of one test, with its two doors for changing the schema."""

    def __init__(self, services: Services, name: str) -> None:
        self.migrator = create_engine(services.url("goldsmith_migrator", name), poolclass=NullPool)
        self._services, self._name = services, name

    def superuser(self) -> psycopg.Connection[Any]:
        return self.connect(None)

    def connect(self, role: str | None) -> psycopg.Connection[Any]:
        return psycopg.connect(self._services.url(role, self._name).replace("+psycopg", ""), autocommit=True)

    def description(self) -> list[str]:
        with self.superuser() as connection:
            return [line for (line,) in connection.execute(DESCRIPTION)]


@pytest.fixture
def empty(services: Services) -> Iterator[Scratch]:
    name = services.make()
    yield Scratch(services, name)
    services.drop(name)


@pytest.fixture
def migrated(services: Services, template: str) -> Iterator[Scratch]:
    name = services.make(template)
    yield Scratch(services, name)
    services.drop(name)


def test_an_empty_database_is_brought_to_this_code(empty, folders):
    with empty.migrator.connect() as connection:
        heads = migrate.missing(connection, folders)
        migrate.upgrade(connection, folders)
        assert heads == set(ScriptDirectory.from_config(migrate.plan(folders)).get_heads())
        assert migrate.missing(connection, folders) == set()
    with empty.migrator.connect() as connection:
        assert gate.breaches(connection) == []


def test_a_filled_database_goes_down_and_up_again_and_is_the_same(migrated, folders):
    tenant = new_id()
    before = migrated.description()
    with migrated.superuser() as connection:
        connection.execute(
            "INSERT INTO platform.tenants (id, slug, name, market, currency, language, zone, calendar, plan)"
            " VALUES (%s, 'full', 'Full', 'IR', 'IRT', 'fa', 'Asia/Tehran', 'jalali', 'all')",
            (tenant,),
        )
        fill(connection, tenant)
    with migrated.migrator.connect() as connection:
        migrate.downgrade(connection, folders, "base")
    with migrated.superuser() as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('shop', 'platform')").fetchall()
        ours = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace UNION ALL"
            " SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'r'"
        ).fetchall()
        assert (left, ours) == ([], [("alembic_version",)])
    with migrated.migrator.connect() as connection:
        migrate.upgrade(connection, folders)
    assert migrated.description() == before


def test_each_plugins_migrations_can_be_taken_back_by_themselves(migrated, folders):
    """With those of the plugins that stand on it; and put on again, all is as it was."""
    before = migrated.description()
    revisions = ScriptDirectory.from_config(migrate.plan(folders)).walk_revisions()
    # Each revision carries the label of its branch.
    for branch in sorted({label for revision in revisions for label in revision.branch_labels}):
        with migrated.migrator.connect() as connection:
            migrate.downgrade(connection, folders, f"{branch}@base")
            migrate.upgrade(connection, folders)
        assert migrated.description() == before, branch


def test_migrations_are_named_after_their_plugin_and_say_whether_they_expand_or_contract(plugins):
    theirs = {name: plugin.folder / "migrations" for name, plugin in plugins.by_name.items()}
    for name, folder in {"kernel": migrate.HERE / "versions", **theirs}.items():
        for file in sorted(folder.glob("[!_]*.py")):
            assert re.fullmatch(rf"{name}_\d{{4}}_(expand|contract)_[a-z_]+\.py", file.name), file


def test_a_database_that_is_behind_is_noticed(empty, folders):
    with empty.migrator.connect() as connection:
        migrate.upgrade(connection, [], "kernel@head")
        reached = migrate.missing(connection, [])
        behind = migrate.missing(connection, folders)
    assert (reached, bool(behind)) == (set(), bool(folders))


def test_a_migration_waits_for_a_lock_only_for_a_moment(migrated, folders):
    with migrated.migrator.connect() as connection:
        migrate.upgrade(connection, folders)
        limits = connection.execute(text("SELECT current_setting('lock_timeout'), current_user")).one()
    assert tuple(limits) == ("5s", "goldsmith_migrator")


def test_a_shop_that_is_half_erased_is_erased_by_the_version_before(migrated, folders):
    """That one looks for shops that are to be deleted; of those that it has erased or kept none comes back."""
    shops = {name: new_id() for name in ("half", "erased", "kept")}
    with migrated.superuser() as connection:
        for name, shop in shops.items():
            connection.execute(
                "INSERT INTO platform.tenants (id, slug, name, market, currency, language, zone, calendar, plan, state)"
                " VALUES (%s, %s, 'Old', 'IR', 'IRT', 'fa', 'Asia/Tehran', 'jalali', 'all', %s)",
                (shop, name, "active" if name == "kept" else "deleted"),
            )
            connection.execute(
                "INSERT INTO platform.deletions (id, tenant_id, name, slug, state_before, because, scheduled_at,"
                " scheduled_by, due_at, found, erased_at, cancelled_at)"
                " VALUES (%s, %s, 'Old', %s, 'active', 'They left', now(), 'Ada', now(), %s, %s, %s)",
                (
                    new_id(), shop, name, None if name == "kept" else '{"shop.users": 2}',
                    "2025-06-01" if name == "erased" else None, "2025-06-01" if name == "kept" else None,
                ),
            )  # fmt: skip
    with migrated.migrator.connect() as connection:
        migrate.downgrade(connection, folders, "tenants_0005")
    with migrated.superuser() as connection:
        states = connection.execute("SELECT slug, state FROM platform.tenants ORDER BY slug").fetchall()
        assert states == [("erased", "deleted"), ("half", "pending_deletion"), ("kept", "active")]
        connection.execute("SELECT set_config('app.current_tenant', %s, false)", (str(shops["half"]),))
        assert connection.execute("SELECT app.is_erasable(true)").fetchone() == (True,)


# While two versions run


def test_what_the_version_before_has_prepared_goes_on(migrated, folders):
    """On connections that stay open: a `SELECT *` that suddenly answers more columns fails once on each."""
    asked = ("SELECT * FROM app.find_login('sara@example.com')", "SELECT * FROM app.find_session('\\x00')")
    with migrated.migrator.connect() as connection:
        migrate.downgrade(connection, folders, "identity_0008")
    with migrated.connect("goldsmith_platform") as before:
        answers = [before.execute(one, prepare=True).fetchall() for one in asked]
        with migrated.migrator.connect() as connection:
            migrate.upgrade(connection, folders)
        assert [before.execute(one, prepare=True).fetchall() for one in asked] == answers


# The tables of the code


@pytest.fixture
def connection(migrated: Scratch) -> Iterator[Connection]:
    with migrated.migrator.connect() as open_connection:
        open_connection.execute(text("SET ROLE goldsmith_owner"))
        yield open_connection


def tables_of(plugins: Plugins) -> list[Table]:
    ours = [outbox, long_work, counters, settings, flag_sightings, audit_entries, audit_changes, audit_heads]
    return [*ours, *(given.value for given in plugins.given("tables"))]


def test_every_table_belongs_to_exactly_one_plugin(migrated, plugins):
    with migrated.superuser() as superuser:
        there = tenant_tables(superuser)
    assert sorted(table.name for table in tables_of(plugins) if table.schema == SCHEMA) == there


def test_the_tables_of_the_code_are_those_of_the_database(connection, plugins):
    """Columns, types, defaults, keys, references and indexes. What the code does not know is reported above."""
    described = MetaData()
    for table in tables_of(plugins):
        table.to_metadata(described)

    def is_described(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or f"{parents['schema_name']}.{name}" in described.tables

    options = {
        "include_schemas": True,
        "include_name": is_described,
        "compare_type": True,
        "compare_server_default": True,
    }
    differences = compare_metadata(MigrationContext.configure(connection, opts=options), described)
    assert [found for found in differences if not may_stand_in_the_migration_alone(found)] == []


def may_stand_in_the_migration_alone(found: tuple[Any, ...]) -> bool:
    """No statement names an index, and a reference to the platform's tables would need their MetaData."""
    if found[0] == "remove_fk":
        return not found[1].elements[0].target_fullname.startswith(f"{SCHEMA}.")
    # Why a table is not audited is said to the database alone.
    return found[0] in ("remove_index", "remove_table_comment")


def test_the_checks_of_the_code_are_those_of_the_database(connection, plugins):
    there = inspect(connection)
    for table in tables_of(plugins):
        described = sorted(str(one.name) for one in table.constraints if isinstance(one, CheckConstraint))
        assert described == sorted(
            str(one["name"]) for one in there.get_check_constraints(table.name, schema=table.schema)
        ), table.name
