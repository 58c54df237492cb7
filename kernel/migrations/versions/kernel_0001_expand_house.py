"""The house: schemas, the functions that row-level security stands on, shops, outbox, counters, settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import create_lookup, create_tenant_table, guard, index, one_of, unique

revision = "kernel_0001"
down_revision = None
branch_labels = ("kernel",)
depends_on = None

FUNCTIONS = [
    # The shop of this transaction; NULL outside one. `nullif`: after the first use a session reads '' instead of NULL.
    """
    CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.current_tenant', true), '')::uuid
    """,
    # Enter a shop until the end of this transaction; answers the version of its row, NULL when there is none.
    """
    CREATE FUNCTION app.enter_shop(shop uuid, actor text) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM set_config('app.current_tenant', shop::text, true), set_config('app.actor', actor, true);
        RETURN (SELECT version FROM platform.tenants WHERE id = shop);
    END $$
    """,
    """
    CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: write a correcting row instead', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
]

# Answers addresses of rows, never their content.
CLAIM = """
CREATE FUNCTION app.claim_outbox(most integer, lease interval)
RETURNS TABLE (tenant_id uuid, id uuid, queue text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE shop.outbox AS claimed SET state = 'sent', sent_at = now(), tries = claimed.tries + 1
    FROM (
        SELECT o.tenant_id, o.id FROM shop.outbox AS o
        WHERE (o.state = 'waiting' AND o.run_at <= now()) OR (o.state = 'sent' AND o.sent_at < now() - lease)
        ORDER BY o.run_at LIMIT most FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE claimed.tenant_id = due.tenant_id AND claimed.id = due.id
    RETURNING claimed.tenant_id, claimed.id, claimed.queue;
END
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA shop")
    op.execute("CREATE SCHEMA platform")
    op.execute(
        "GRANT USAGE ON SCHEMA platform TO goldsmith_app, goldsmith_platform, goldsmith_backup, goldsmith_lookup"
    )
    op.execute("GRANT USAGE ON SCHEMA shop TO goldsmith_app, goldsmith_backup, goldsmith_lookup")
    op.execute("GRANT USAGE ON SCHEMA app TO goldsmith_lookup")
    # Functions are callable by everybody unless told otherwise.
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    for function in FUNCTIONS:
        op.execute(function)
    op.execute("GRANT EXECUTE ON FUNCTION app.tenant() TO goldsmith_app, goldsmith_platform, goldsmith_backup")
    op.execute("GRANT EXECUTE ON FUNCTION app.tenant() TO goldsmith_lookup")
    op.execute("GRANT EXECUTE ON FUNCTION app.enter_shop(uuid, text) TO goldsmith_app")
    readers = "goldsmith_app, goldsmith_platform, goldsmith_backup, goldsmith_migrator"
    op.execute(f"GRANT SELECT ON app.alembic_version TO {readers}")
    _platform_tables()
    _shop_tables()
    create_lookup(op, "claim_outbox(integer, interval)", CLAIM, callers="goldsmith_platform")
    op.execute("GRANT SELECT, UPDATE ON shop.outbox TO goldsmith_lookup")


def _platform_tables() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="active"),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.UniqueConstraint("slug", name="tenants_slug_key"),
        one_of("state", "trial", "active", "suspended", "pending_deletion", name="tenants_state_check"),
        sa.CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'", name="tenants_slug_check"),
        schema="platform",
    )
    op.create_table(
        "tenant_plugins",
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), primary_key=True),
        sa.Column("plugin", sa.Text, primary_key=True),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        schema="platform",
    )
    for table, column in (("tenants", "id"), ("tenant_plugins", "tenant_id")):
        for statement in guard(table, schema="platform", column=column):
            # The platform's own role sees all shops' names and sets; the guard is for the shops.
            op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
        op.execute(
            f"CREATE POLICY platform_rows ON platform.{table} TO goldsmith_platform, goldsmith_owner "
            "USING (true) WITH CHECK (true)"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON platform.{table} TO goldsmith_platform")
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")
    op.execute("GRANT DELETE ON platform.tenant_plugins TO goldsmith_platform, goldsmith_app")
    # Within its own row a shop's transaction opens the shop, switches plugins and raises the version, all or nothing.
    op.execute("GRANT SELECT, INSERT ON platform.tenants TO goldsmith_app")
    op.execute(
        "GRANT UPDATE (name, language, zone, calendar, state, plan, version) ON platform.tenants TO goldsmith_app"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON platform.tenant_plugins TO goldsmith_app")


def _shop_tables() -> None:
    create_tenant_table(
        op,
        "outbox",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tries_max", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("progress_done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("progress_total", sa.BigInteger, nullable=False, server_default="0"),
        unique("key", name="outbox_key_key"),
        one_of("kind", "event", "job", name="outbox_kind_check"),
        one_of("state", "waiting", "sent", "done", "dead", "skipped", name="outbox_state_check"),
        index("outbox_newest", sa.text("created_at desc")),
    )
    # The relay looks across shops, by time; only what is still open is in these.
    op.execute("CREATE INDEX outbox_waiting ON shop.outbox (run_at) WHERE state = 'waiting'")
    op.execute("CREATE INDEX outbox_sent ON shop.outbox (sent_at) WHERE state = 'sent'")
    create_tenant_table(
        op,
        "counters",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        key=("name",),
    )
    create_tenant_table(
        op,
        "settings",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", JSONB, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        key=("name",),
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION app.claim_outbox(integer, interval)")
    for table in ("settings", "counters", "outbox"):
        op.execute(f"DROP TABLE shop.{table}")
    for table in ("tenant_plugins", "tenants"):
        op.drop_table(table, schema="platform")
    op.execute("DROP FUNCTION app.refuse_change()")
    op.execute("DROP FUNCTION app.enter_shop(uuid, text)")
    op.execute("DROP FUNCTION app.tenant()")
    op.execute("DROP SCHEMA shop")
    op.execute("DROP SCHEMA platform")
