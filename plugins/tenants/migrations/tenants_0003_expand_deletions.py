"""Shops that are to be deleted, and the one way past append-only tables: for a shop whose waiting time is over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import audit_table, create_lookup

revision = "tenants_0003"
down_revision = "tenants_0002"
branch_labels = None
depends_on = ("kernel_0010", "identity_0001")

# A table of shops' rows, or of the installation's that say which shop they are about: from the catalogue, so that
# none can be forgotten. The installation's own books about a shop stay: what it paid, when it was suspended and why.
TABLES = """
CREATE FUNCTION app.tables_of_shops() RETURNS SETOF text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT n.nspname || '.' || c.relname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p')
        AND (n.nspname = 'shop' OR n.nspname = 'platform'
            AND c.relname NOT IN ('subscriptions', 'suspensions', 'deletions'))
    ORDER BY 1;
END
"""
# Is the time of this transaction's shop over, and has its erasure begun? By the clock of the database.
ERASABLE = """
CREATE FUNCTION app.is_erasable(begun boolean) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM platform.deletions AS d JOIN platform.tenants AS t ON t.id = d.tenant_id
        WHERE d.tenant_id = app.tenant() AND d.cancelled_at IS NULL AND d.due_at <= now()
            AND t.state = 'pending_deletion' AND (d.found IS NOT NULL OR NOT begun)
    );
END
"""
COUNT = """
CREATE FUNCTION app.count_shop() RETURNS TABLE (name text, rows bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT app.is_erasable(false) THEN
        RAISE EXCEPTION 'this shop is not to be erased' USING ERRCODE = 'check_violation';
    END IF;
    FOR name IN SELECT app.tables_of_shops() LOOP
        EXECUTE format('SELECT count(*) FROM %s WHERE tenant_id = $1', name::regclass) INTO rows USING app.tenant();
        RETURN NEXT;
    END LOOP;
END $$
"""
# At most so many rows of one table, so that no statement is long. Nothing is noted of them and nothing refuses:
# neither the trail nor the ledgers outlive their shop. References within a shop need no order: all of it goes.
ERASE = """
CREATE FUNCTION app.erase_rows(called text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
        'DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE tenant_id = $1 LIMIT $2))',
        called::regclass
    ) USING app.tenant(), most;
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$
"""
# Whoever works in this shop and nowhere else, and runs no installation.
ONLY_HERE = """
CREATE FUNCTION app.people_only_of(shop uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.id FROM shop.users AS u
    WHERE u.tenant_id = shop
        AND NOT EXISTS (SELECT FROM shop.users AS o WHERE o.id = u.id AND o.tenant_id <> shop)
        AND NOT EXISTS (SELECT FROM platform.admins AS a WHERE a.person_id = u.id)
        AND EXISTS (
            SELECT FROM platform.deletions AS d
            WHERE d.tenant_id = shop AND d.cancelled_at IS NULL AND d.due_at <= now()
        );
END
"""
# Their account, and all that hangs on it.
PEOPLE = """
CREATE FUNCTION app.erase_people(persons uuid[]) RETURNS TABLE (name text, rows bigint) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
BEGIN
    IF NOT app.is_erasable(true) OR NOT persons <@ ARRAY(SELECT app.people_only_of(app.tenant())) THEN
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


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("state_before", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scheduled_by", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_by", sa.Text),
        sa.Column("found", JSONB),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Column("left", JSONB),
        sa.CheckConstraint("cancelled_at IS NULL OR erased_at IS NULL", name="deletions_outcome_check"),
        schema="platform",
    )
    op.execute("CREATE UNIQUE INDEX deletions_now_key ON platform.deletions (tenant_id) WHERE cancelled_at IS NULL")
    op.execute("GRANT SELECT, INSERT ON platform.deletions TO goldsmith_platform")
    op.execute(
        'GRANT UPDATE (cancelled_at, cancelled_by, found, erased_at, "left") '
        "ON platform.deletions TO goldsmith_platform"
    )
    op.execute("GRANT SELECT ON platform.deletions TO goldsmith_backup, goldsmith_lookup")
    op.execute("GRANT SELECT (id, tenant_id) ON shop.users TO goldsmith_lookup")
    op.execute("GRANT SELECT (person_id) ON platform.admins TO goldsmith_lookup")
    audit_table(op, "deletions", schema="platform")
    for function in (TABLES, ERASABLE, COUNT, ERASE):
        op.execute(function)
    create_lookup(op, "people_only_of(uuid)", ONLY_HERE, callers="goldsmith_app")
    # It is asked once more by the one that erases, and only its owner can let that one ask.
    op.execute("SET LOCAL ROLE goldsmith_lookup")
    op.execute("GRANT EXECUTE ON FUNCTION app.people_only_of(uuid) TO goldsmith_owner")
    op.execute("SET LOCAL ROLE goldsmith_owner")
    op.execute(PEOPLE)
    for signature in ("count_shop()", "erase_rows(text, integer)", "erase_people(uuid[])"):
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.erase_people(uuid[])")
    op.execute("DROP FUNCTION app.people_only_of(uuid)")
    op.execute("DROP FUNCTION app.erase_rows(text, integer)")
    op.execute("DROP FUNCTION app.count_shop()")
    op.execute("DROP FUNCTION app.is_erasable(boolean)")
    op.execute("DROP FUNCTION app.tables_of_shops()")
    op.drop_table("deletions", schema="platform")
