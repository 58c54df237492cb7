"""A shop is erased in batches, each counted in the transaction that erases it, by the platform and nobody else.

Children go before what they refer to, so that a backup made between two batches can be restored. The old version erases
nothing while both run; the next slot of the new one does.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "tenants_0006"
down_revision = "tenants_0005"
branch_labels = None
depends_on = None

TABLES = """
CREATE OR REPLACE FUNCTION app.tables_of_shops() RETURNS SETOF text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    {deep}SELECT n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p')
        AND (n.nspname = 'shop' OR n.nspname = 'platform'
            AND c.relname NOT IN ('subscriptions', 'suspensions', 'deletions'))
    ORDER BY {order};
END
"""
# How many references lead from a table up to one that refers to nothing; of a circle only so many are followed.
DEEP = """WITH RECURSIVE deep (oid, level) AS (
        SELECT c.oid, 0 FROM pg_catalog.pg_class AS c
        UNION
        SELECT f.conrelid, d.level + 1 FROM deep AS d
        JOIN pg_catalog.pg_constraint AS f ON f.contype = 'f' AND f.confrelid = d.oid AND f.conrelid <> d.oid
        WHERE d.level < 50
    )
    """
CHILDREN_FIRST = "(SELECT max(d.level) FROM deep AS d WHERE d.oid = c.oid) DESC, 1"
# Once its erasure has begun, the shop is closed for everybody.
ERASABLE = """
CREATE OR REPLACE FUNCTION app.is_erasable(begun boolean) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM platform.deletions AS d JOIN platform.tenants AS t ON t.id = d.tenant_id
        WHERE d.tenant_id = app.tenant() AND d.cancelled_at IS NULL AND d.due_at <= now()
            AND {state} AND (d.found IS NOT NULL OR NOT begun)
    );
END
"""
CLOSED = "d.erased_at IS NULL AND t.state = 'deleted'"
PENDING = "t.state = 'pending_deletion'"
# The shop is left before the function ends: what the platform notes afterwards belongs to the platform.
# Of its own tables the shop's rows; of the accounts of people who work nowhere else, what is no row of the shop.
COUNT = """
CREATE FUNCTION app.count_shop(shop uuid) RETURNS TABLE (name text, rows bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    persons uuid[];
BEGIN
    PERFORM set_config('app.current_tenant', shop::text, true);
    persons := ARRAY(SELECT app.people_only_of(shop));
    RETURN QUERY SELECT c.name, c.rows FROM app.count_shop() AS c;
    FOR name IN
        SELECT n.nspname || '.' || c.relname
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'person_id' AND NOT a.attisdropped
        WHERE n.nspname = 'platform' AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format(
            'SELECT count(*) FROM %s AS t WHERE person_id = ANY ($1) '
            'AND to_jsonb(t) ->> ''tenant_id'' IS DISTINCT FROM $2', name::regclass
        ) INTO rows USING persons, shop::text;
        RETURN NEXT;
    END LOOP;
    name := 'platform.people';
    SELECT count(*) INTO rows FROM platform.people AS p WHERE p.id = ANY (persons);
    RETURN NEXT;
    PERFORM set_config('app.current_tenant', '', true);
END $$
"""
# What is counted here nobody can count otherwise: the serving roles do not write this column.
NOTE = """
CREATE FUNCTION app.note_erased(shop uuid, called text, many bigint) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE platform.deletions
    SET erased = erased || jsonb_build_object(called, coalesce((erased ->> called)::bigint, 0) + many)
    WHERE tenant_id = shop AND cancelled_at IS NULL;
END
"""
# A session takes its tokens along in the same transaction.
ROWS = """
CREATE FUNCTION app.erase_rows(shop uuid, called text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
DECLARE
    many bigint;
BEGIN
    PERFORM set_config('app.current_tenant', shop::text, true);
    many := app.erase_rows(called, most);
    PERFORM app.note_erased(shop, called, many);
    IF called LIKE 'platform.%' THEN
        PERFORM app.erase_orphans();
    END IF;
    PERFORM set_config('app.current_tenant', '', true);
    RETURN many;
END $$
"""
# The list of who works here goes together with the accounts, because it is what says whose they are.
PEOPLE = """
CREATE FUNCTION app.erase_people(shop uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
DECLARE
    gone record;
BEGIN
    PERFORM set_config('app.current_tenant', shop::text, true);
    FOR gone IN SELECT * FROM app.erase_people(ARRAY(SELECT app.people_only_of(shop))) LOOP
        PERFORM app.note_erased(shop, gone.name, gone.rows);
    END LOOP;
    PERFORM app.note_erased(shop, 'shop.users', app.erase_rows('shop.users', NULL));
    PERFORM app.erase_orphans();
    PERFORM set_config('app.current_tenant', '', true);
END $$
"""
OF_THE_OLD_VERSION = ("count_shop()", "erase_rows(text, integer)", "erase_people(uuid[])", "erase_orphans()")
OF_THE_NEW_VERSION = ("count_shop(uuid)", "erase_rows(uuid, text, integer)", "erase_people(uuid)")


def upgrade() -> None:
    op.add_column("deletions", sa.Column("erased", JSONB, nullable=False, server_default="{}"), schema="platform")
    op.execute(TABLES.format(deep=DEEP, order=CHILDREN_FIRST))
    op.execute(ERASABLE.format(state=CLOSED))
    for function in (COUNT, NOTE, ROWS, PEOPLE):
        op.execute(function)
    for signature in OF_THE_OLD_VERSION:
        op.execute(f"REVOKE EXECUTE ON FUNCTION app.{signature} FROM goldsmith_app")
    for signature in OF_THE_NEW_VERSION:
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_platform")
    op.execute("GRANT EXECUTE ON FUNCTION app.tables_of_shops() TO goldsmith_platform")


def downgrade() -> None:
    # The old version goes on with a shop that is half erased only where it is to be deleted, not where it is closed.
    op.execute("""
        UPDATE platform.tenants AS t SET state = 'pending_deletion', version = version + 1
        WHERE state = 'deleted' AND EXISTS (
            SELECT FROM platform.deletions AS d
            WHERE d.tenant_id = t.id AND d.cancelled_at IS NULL AND d.erased_at IS NULL
        )
    """)
    op.execute("REVOKE EXECUTE ON FUNCTION app.tables_of_shops() FROM goldsmith_platform")
    for signature in (*OF_THE_NEW_VERSION, "note_erased(uuid, text, bigint)"):
        op.execute(f"DROP FUNCTION app.{signature}")
    for signature in OF_THE_OLD_VERSION:
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_app")
    op.execute(ERASABLE.format(state=PENDING))
    op.execute(TABLES.format(deep="", order="1"))
    op.drop_column("deletions", "erased", schema="platform")
