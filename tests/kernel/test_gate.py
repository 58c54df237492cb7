"""The isolation gate: silent on what our migrations make, and loud about each single thing that is broken.

Every breach is made by the superuser in a transaction that is rolled back, and asked for as the platform role, which
is whom readiness asks as.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from kernel import gate
from kernel.gate import RULES, Breach
from kernel.tenancy import system
from tests.services import Services

#: A table as careful as `create_tenant_table` makes one, to be spoiled in one place.
GOOD = """
CREATE TABLE shop.rings (tenant_id uuid NOT NULL DEFAULT app.tenant(), id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE shop.rings ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.rings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_guard ON shop.rings AS RESTRICTIVE
    USING (tenant_id = (select app.tenant())) WITH CHECK (tenant_id = (select app.tenant()));
CREATE POLICY tenant_rows ON shop.rings
    USING (tenant_id = (select app.tenant())) WITH CHECK (tenant_id = (select app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON shop.rings TO goldsmith_app;
"""
#: A function as careful as the house's own.
DEFINER = """
CREATE FUNCTION app.count_rings() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN 1;
REVOKE EXECUTE ON FUNCTION app.count_rings() FROM PUBLIC;
ALTER FUNCTION app.count_rings() OWNER TO goldsmith_owner;
"""
GUARD = "CREATE POLICY tenant_guard ON shop.rings AS RESTRICTIVE"
SAME = "(tenant_id = (select app.tenant()))"

#: Rule, how it is broken, and the object that is named.
BREAKS: list[tuple[str, str, str]] = [
    (
        "a shop's table has no tenant_id",
        "CREATE TABLE shop.loose (id uuid PRIMARY KEY)",
        "shop.loose",
    ),
    (
        "a shop's table has no tenant_id",
        "ALTER TABLE shop.rings DROP CONSTRAINT rings_pkey; ALTER TABLE shop.rings ALTER tenant_id DROP NOT NULL",
        "shop.rings",
    ),
    (
        "shops may reach a table of the installation",
        "CREATE TABLE platform.rings (tenant_id uuid); GRANT SELECT ON platform.rings TO goldsmith_app",
        "platform.rings",
    ),
    (
        "shops may reach a table of the installation",
        "CREATE TABLE public.people (name text); GRANT UPDATE (name) ON public.people TO goldsmith_app",
        "public.people",
    ),
    (
        "row-level security is not enabled and forced",
        "ALTER TABLE shop.rings DISABLE ROW LEVEL SECURITY",
        "shop.rings",
    ),
    (
        "row-level security is not enabled and forced",
        "ALTER TABLE platform.tenants NO FORCE ROW LEVEL SECURITY",
        "platform.tenants",
    ),
    (
        "the restrictive guard on the tenant is missing",
        "DROP POLICY tenant_guard ON shop.rings",
        "shop.rings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.rings; {GUARD} USING (tenant_id = app.tenant() OR true) WITH CHECK {SAME}",
        "shop.rings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        "DROP POLICY tenant_guard ON shop.rings;"
        f"{GUARD} USING (tenant_id = (select app.tenant()) OR id IS NOT NULL) WITH CHECK {SAME}",
        "shop.rings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.rings; {GUARD} FOR SELECT USING {SAME}",
        "shop.rings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.rings; {GUARD} TO goldsmith_platform USING {SAME} WITH CHECK {SAME}",
        "shop.rings",
    ),
    (
        "a policy lets shops past the tenant",
        "CREATE POLICY sale ON shop.rings USING (true) WITH CHECK (true)",
        "shop.rings sale",
    ),
    (
        "a key does not start with the tenant",
        "CREATE UNIQUE INDEX rings_id_key ON shop.rings (id)",
        "shop.rings shop.rings_id_key",
    ),
    (
        "a key does not start with the tenant",
        "CREATE UNIQUE INDEX rings_late ON shop.rings (id, tenant_id)",
        "shop.rings shop.rings_late",
    ),
    (
        "a key does not start with the tenant",
        "ALTER TABLE shop.rings ADD CONSTRAINT rings_once EXCLUDE USING btree (id WITH =)",
        "shop.rings shop.rings_once",
    ),
    (
        "a foreign key does not carry the tenant",
        "ALTER TABLE shop.rings ADD UNIQUE (id);"
        "CREATE TABLE shop.sales (LIKE shop.rings INCLUDING ALL, ring uuid REFERENCES shop.rings (id))",
        "shop.sales sales_ring_fkey",
    ),
    (
        "a view or materialized view runs with its owner's rights",
        "CREATE VIEW shop.all_rings AS SELECT * FROM shop.rings",
        "shop.all_rings",
    ),
    (
        "a view or materialized view runs with its owner's rights",
        "CREATE MATERIALIZED VIEW platform.all_rings AS SELECT * FROM shop.rings",
        "platform.all_rings",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; GRANT EXECUTE ON FUNCTION app.count_rings() TO PUBLIC",
        "app.count_rings()",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; ALTER FUNCTION app.count_rings() RESET search_path",
        "app.count_rings()",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; ALTER FUNCTION app.count_rings() SET search_path = public, shop",
        "app.count_rings()",
    ),
    (
        "a function that looks across shops is not on the reviewed list",
        f"{DEFINER}; ALTER FUNCTION app.count_rings() OWNER TO goldsmith_lookup",
        "app.count_rings()",
    ),
    (
        "a function that looks across shops is not on the reviewed list",
        f"{DEFINER}; ALTER FUNCTION app.count_rings() OWNER TO CURRENT_USER",
        "app.count_rings()",
    ),
    (
        "a serving role owns something",
        "ALTER TABLE shop.rings OWNER TO goldsmith_app",
        "goldsmith_app owns pg_class",
    ),
    (
        "a serving role has a dangerous attribute or membership",
        "ALTER ROLE goldsmith_app BYPASSRLS",
        "goldsmith_app",
    ),
    (
        "a serving role has a dangerous attribute or membership",
        "ALTER ROLE goldsmith_platform SUPERUSER",
        "goldsmith_platform",
    ),
    (
        "a serving role has a dangerous attribute or membership",
        "GRANT goldsmith_owner TO goldsmith_app",
        "goldsmith_app",
    ),
    (
        "a serving role may truncate, reference, trigger or maintain",
        "GRANT TRUNCATE ON shop.rings TO goldsmith_app",
        "goldsmith_app on shop.rings",
    ),
    (
        "a serving role may truncate, reference, trigger or maintain",
        "GRANT TRIGGER ON platform.tenants TO goldsmith_platform",
        "goldsmith_platform on platform.tenants",
    ),
    (
        "a serving role may create objects",
        "GRANT CREATE ON SCHEMA app TO goldsmith_app",
        "goldsmith_app in app",
    ),
    (
        "a serving role may make temporary tables",
        "SELECT grant_temp()",
        "goldsmith_platform",
    ),
    (
        "the platform's role has a right on a shop's rows",
        "GRANT SELECT ON shop.rings TO goldsmith_platform",
        "shop.rings",
    ),
    (
        "the platform's role has a right on a shop's rows",
        "GRANT UPDATE (id) ON shop.rings TO goldsmith_platform",
        "shop.rings",
    ),
    (
        "the platform's role has a right on a shop's rows",
        "CREATE SEQUENCE shop.tickets; GRANT USAGE ON SEQUENCE shop.tickets TO goldsmith_platform",
        "shop.tickets",
    ),
    (
        "everybody has a right on a table",
        "GRANT SELECT ON shop.rings TO PUBLIC",
        "shop.rings",
    ),
    (
        "a sequence is visible to shops",
        "CREATE SEQUENCE shop.tickets; GRANT USAGE ON SEQUENCE shop.tickets TO goldsmith_app",
        "shop.tickets",
    ),
]


@pytest.fixture
def spoiled(services: Services, database_name: str) -> Iterator[Connection]:
    """The superuser in a transaction that never ends well."""
    engine = create_engine(services.url(None, database_name), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def found(spoiled: Connection, statements: str) -> list[Breach]:
    statements = statements.replace("SELECT grant_temp()", _grant_temp(spoiled))
    spoiled.exec_driver_sql(GOOD)
    spoiled.exec_driver_sql(statements)
    spoiled.exec_driver_sql("SET LOCAL ROLE goldsmith_platform")
    return gate.breaches(spoiled)


def _grant_temp(spoiled: Connection) -> str:
    database = spoiled.execute(text("SELECT current_database()")).scalar()
    return f"GRANT TEMP ON DATABASE {database} TO goldsmith_platform"


def test_the_gate_has_nothing_to_say_about_what_the_migrations_make(database):
    with database.for_platform("ask the gate", system("test"), read_only=True) as work:
        assert gate.breaches(work) == []


def test_a_table_made_with_care_passes(spoiled):
    assert found(spoiled, "SELECT 1") == []


@pytest.mark.parametrize(("rule", "broken", "named"), BREAKS, ids=[f"{rule}: {how[:60]}" for rule, how, _ in BREAKS])
def test_what_is_broken_is_reported(spoiled, rule, broken, named):
    said = found(spoiled, broken)
    assert [breach for breach in said if breach.rule == rule and breach.object.startswith(named)], said


def test_every_rule_of_the_gate_has_been_broken_on_purpose():
    assert {rule for rule, _how, _named in BREAKS} == set(RULES)
