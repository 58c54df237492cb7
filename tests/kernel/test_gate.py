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
CREATE TABLE shop.orings (tenant_id uuid NOT NULL DEFAULT app.tenant(), id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE shop.orings ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.orings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_guard ON shop.orings AS RESTRICTIVE
    USING (tenant_id = (select app.tenant())) WITH CHECK (tenant_id = (select app.tenant()));
CREATE POLICY tenant_rows ON shop.orings
    USING (tenant_id = (select app.tenant())) WITH CHECK (tenant_id = (select app.tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON shop.orings TO goldsmith_app;
COMMENT ON TABLE shop.orings IS 'unaudited: rings of a test';
"""
#: A function as careful as the house's own.
DEFINER = """
CREATE FUNCTION app.count_orings() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN 1;
REVOKE EXECUTE ON FUNCTION app.count_orings() FROM PUBLIC;
ALTER FUNCTION app.count_orings() OWNER TO goldsmith_owner;
"""
GUARD = "CREATE POLICY tenant_guard ON shop.orings AS RESTRICTIVE"
SAME = "(tenant_id = (select app.tenant()))"

#: Rule, how it is broken, and the object that is named.
BREAKS: list[tuple[str, str, str]] = [
    (
        "a shop's table has no tenant_id",
        "CREATE TABLE shop.oloose (id uuid PRIMARY KEY)",
        "shop.oloose",
    ),
    (
        "a shop's table has no tenant_id",
        "ALTER TABLE shop.orings DROP CONSTRAINT orings_pkey; ALTER TABLE shop.orings ALTER tenant_id DROP NOT NULL",
        "shop.orings",
    ),
    (
        "shops may reach a table of the installation",
        "CREATE TABLE platform.orings (tenant_id uuid); GRANT SELECT ON platform.orings TO goldsmith_app",
        "platform.orings",
    ),
    (
        "shops may reach a table of the installation",
        "CREATE TABLE public.opeople (name text); GRANT UPDATE (name) ON public.opeople TO goldsmith_app",
        "public.opeople",
    ),
    (
        "row-level security is not enabled and forced",
        "ALTER TABLE shop.orings DISABLE ROW LEVEL SECURITY",
        "shop.orings",
    ),
    (
        "row-level security is not enabled and forced",
        "ALTER TABLE platform.tenants NO FORCE ROW LEVEL SECURITY",
        "platform.tenants",
    ),
    (
        "the restrictive guard on the tenant is missing",
        "DROP POLICY tenant_guard ON shop.orings",
        "shop.orings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.orings; {GUARD} USING (tenant_id = app.tenant() OR true) WITH CHECK {SAME}",
        "shop.orings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        "DROP POLICY tenant_guard ON shop.orings;"
        f"{GUARD} USING (tenant_id = (select app.tenant()) OR id IS NOT NULL) WITH CHECK {SAME}",
        "shop.orings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.orings; {GUARD} FOR SELECT USING {SAME}",
        "shop.orings",
    ),
    (
        "the restrictive guard on the tenant is missing",
        f"DROP POLICY tenant_guard ON shop.orings; {GUARD} TO goldsmith_platform USING {SAME} WITH CHECK {SAME}",
        "shop.orings",
    ),
    (
        "a policy lets shops past the tenant",
        "CREATE POLICY sale ON shop.orings USING (true) WITH CHECK (true)",
        "shop.orings sale",
    ),
    (
        "a key does not start with the tenant",
        "CREATE UNIQUE INDEX orings_id_key ON shop.orings (id)",
        "shop.orings shop.orings_id_key",
    ),
    (
        "a key does not start with the tenant",
        "CREATE UNIQUE INDEX orings_late ON shop.orings (id, tenant_id)",
        "shop.orings shop.orings_late",
    ),
    (
        "a key does not start with the tenant",
        "ALTER TABLE shop.orings ADD CONSTRAINT orings_once EXCLUDE USING btree (id WITH =)",
        "shop.orings shop.orings_once",
    ),
    (
        "a foreign key does not carry the tenant",
        "ALTER TABLE shop.orings ADD UNIQUE (id);"
        "CREATE TABLE shop.osales (LIKE shop.orings INCLUDING ALL, ring uuid REFERENCES shop.orings (id))",
        "shop.osales osales_ring_fkey",
    ),
    (
        "a view or materialized view runs with its owner's rights",
        "CREATE VIEW shop.oall AS SELECT * FROM shop.orings",
        "shop.oall",
    ),
    (
        "a view or materialized view runs with its owner's rights",
        "CREATE MATERIALIZED VIEW platform.oall AS SELECT * FROM shop.orings",
        "platform.oall",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; GRANT EXECUTE ON FUNCTION app.count_orings() TO PUBLIC",
        "app.count_orings()",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; ALTER FUNCTION app.count_orings() RESET search_path",
        "app.count_orings()",
    ),
    (
        "a definer function is callable by everybody or has no pinned search_path",
        f"{DEFINER}; ALTER FUNCTION app.count_orings() SET search_path = public, shop",
        "app.count_orings()",
    ),
    (
        "a function that looks across shops is not on the reviewed list",
        f"{DEFINER}; ALTER FUNCTION app.count_orings() OWNER TO goldsmith_lookup",
        "app.count_orings()",
    ),
    (
        "a function that looks across shops is not on the reviewed list",
        f"{DEFINER}; ALTER FUNCTION app.count_orings() OWNER TO CURRENT_USER",
        "app.count_orings()",
    ),
    (
        "a serving role owns something",
        "ALTER TABLE shop.orings OWNER TO goldsmith_app",
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
        "GRANT TRUNCATE ON shop.orings TO goldsmith_app",
        "goldsmith_app on shop.orings",
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
        "GRANT SELECT ON shop.orings TO goldsmith_platform",
        "shop.orings",
    ),
    (
        "the platform's role has a right on a shop's rows",
        "GRANT UPDATE (id) ON shop.orings TO goldsmith_platform",
        "shop.orings",
    ),
    (
        "the platform's role has a right on a shop's rows",
        "CREATE SEQUENCE shop.otickets; GRANT USAGE ON SEQUENCE shop.otickets TO goldsmith_platform",
        "shop.otickets",
    ),
    (
        "everybody has a right on a table",
        "GRANT SELECT ON shop.orings TO PUBLIC",
        "shop.orings",
    ),
    (
        "changes of a table go past the audit trail",
        "COMMENT ON TABLE shop.orings IS NULL",
        "shop.orings",
    ),
    (
        "changes of a table go past the audit trail",
        "DROP TRIGGER audit_update ON shop.settings",
        "shop.settings",
    ),
    (
        "changes of a table go past the audit trail",
        "CREATE TABLE platform.orings (id uuid PRIMARY KEY)",
        "platform.orings",
    ),
    (
        "changes of a table go past the audit trail",
        "DROP TRIGGER audit_delete ON platform.tenants",
        "platform.tenants",
    ),
    (
        "who is limited to some branches sees rows of others",
        "ALTER TABLE shop.orings ADD branch_id uuid",
        "shop.orings.branch_id",
    ),
    (
        "who is limited to some branches sees rows of others",
        "ALTER TABLE shop.orings ADD branch_id uuid;"
        "CREATE POLICY branch_guard ON shop.orings AS RESTRICTIVE FOR SELECT USING (branch_id = ANY (app.branches()))",
        "shop.orings.branch_id",
    ),
    (
        "who is limited to some branches sees rows of others",
        "ALTER TABLE shop.orings ADD terminal_id uuid;"
        "ALTER TABLE shop.orings ADD FOREIGN KEY (tenant_id, terminal_id) REFERENCES shop.terminals (tenant_id, id)",
        "shop.orings.terminal_id",
    ),
    (
        "who is limited to some branches sees rows of others",
        "DROP POLICY branch_guard ON shop.branches",
        "shop.branches.id",
    ),
    (
        "a sequence is visible to shops",
        "CREATE SEQUENCE shop.otickets; GRANT USAGE ON SEQUENCE shop.otickets TO goldsmith_app",
        "shop.otickets",
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
