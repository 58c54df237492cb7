"""Erasing takes along what hangs on what it erases, and waits for whoever takes one of its people into another shop.

The old version erases as it did; what it leaves hanging goes with the next shop.
"""

from alembic import op

revision = "tenants_0005"
down_revision = "tenants_0004"
branch_labels = None
depends_on = None

ERASE = """
CREATE OR REPLACE FUNCTION app.erase_rows(called text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
DECLARE
    erased bigint;
BEGIN
    IF NOT app.is_erasable(true) THEN
        RAISE EXCEPTION 'this shop is not to be erased' USING ERRCODE = 'check_violation';
    ELSIF called NOT IN (SELECT app.tables_of_shops()) THEN
        RAISE EXCEPTION '% holds no rows of shops', called USING ERRCODE = 'check_violation';
    END IF;
    EXECUTE format(
        'DELETE FROM %1$s WHERE {of_shop}ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE tenant_id = $1 LIMIT $2))',
        called::regclass
    ) USING app.tenant(), most;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$
"""
# Whoever is just being let into another shop holds their row until that stands, and then is not only here.
PEOPLE = """
CREATE OR REPLACE FUNCTION app.erase_people(persons uuid[]) RETURNS TABLE (name text, rows bigint) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
BEGIN
    {wait}IF NOT app.is_erasable(true) OR NOT persons <@ ARRAY(SELECT app.people_only_of(app.tenant())) THEN
        RAISE EXCEPTION 'these people are not to be erased' USING ERRCODE = 'check_violation';
    END IF;
    FOR name IN
        SELECT n.nspname || '.' || c.relname
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'person_id' AND NOT a.attisdropped
        WHERE n.nspname = 'platform' AND c.relkind IN ('r', 'p') ORDER BY 1
    LOOP
        EXECUTE format('DELETE FROM %s WHERE person_id = ANY ($1)', name::regclass) USING persons;
        GET DIAGNOSTICS rows = ROW_COUNT;
        RETURN NEXT;
    END LOOP;
    DELETE FROM platform.people AS p WHERE p.id = ANY (persons);
    name := 'platform.people';
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN NEXT;
END $$
"""
# Where nothing is triggered, nothing cascades: rows that say neither whose nor which shop's they are, such as the
# tokens of a session, go when what they refer to is gone.
ORPHANS = """
CREATE FUNCTION app.erase_orphans() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
DECLARE
    link record;
    erased bigint;
    this_time bigint;
    total bigint := 0;
BEGIN
    IF NOT app.is_erasable(true) THEN
        RAISE EXCEPTION 'this shop is not to be erased' USING ERRCODE = 'check_violation';
    END IF;
    LOOP
        this_time := 0;
        FOR link IN
            SELECT f.conrelid::regclass AS child, c.attname AS refers, f.confrelid::regclass AS parent, p.attname AS key
            FROM pg_catalog.pg_constraint AS f
            JOIN pg_catalog.pg_attribute AS c ON c.attrelid = f.conrelid AND c.attnum = f.conkey[1]
            JOIN pg_catalog.pg_attribute AS p ON p.attrelid = f.confrelid AND p.attnum = f.confkey[1]
            JOIN pg_catalog.pg_class AS t ON t.oid = f.confrelid AND NOT t.relforcerowsecurity
            WHERE f.contype = 'f' AND f.confdeltype = 'c' AND cardinality(f.conkey) = 1
                AND f.connamespace = 'platform'::regnamespace
        LOOP
            EXECUTE format(
                'DELETE FROM %s AS c WHERE c.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %s AS p WHERE p.%I = c.%I)',
                link.child, link.refers, link.parent, link.key, link.refers
            );
            GET DIAGNOSTICS erased = ROW_COUNT;
            this_time := this_time + erased;
        END LOOP;
        EXIT WHEN this_time = 0;
        total := total + this_time;
    END LOOP;
    RETURN total;
END $$
"""
WAIT = "PERFORM FROM platform.people AS p WHERE p.id = ANY (persons) ORDER BY p.id FOR UPDATE;\n    "


def upgrade() -> None:
    op.execute(ERASE.format(of_shop="tenant_id = $1 AND "))
    op.execute(PEOPLE.format(wait=WAIT))
    op.execute(ORPHANS)
    op.execute("GRANT EXECUTE ON FUNCTION app.erase_orphans() TO goldsmith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.erase_orphans()")
    op.execute(PEOPLE.format(wait=""))
    op.execute(ERASE.format(of_shop=""))
