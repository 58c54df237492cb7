"""What an admin grants or denies one shop beside its plan, with a reason, an end and a history; the end of a trial."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import audit_table, guard, one_of

revision = "kernel_0010"
down_revision = "kernel_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("trial_until", sa.DateTime(timezone=True)), schema="platform")
    op.create_table(
        "overrides",
        sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("uuidv7()")),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean),
        sa.Column("number", sa.BigInteger),
        sa.Column("because", sa.Text, nullable=False, server_default=""),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        one_of("kind", "plugin", "limit", name="overrides_kind_check"),
        sa.CheckConstraint("(kind = 'plugin') = (enabled IS NOT NULL)", name="overrides_enabled_check"),
        sa.CheckConstraint("number IS NULL OR (kind = 'limit' AND number >= 0)", name="overrides_number_check"),
        schema="platform",
    )
    op.execute(
        "CREATE UNIQUE INDEX overrides_open_key ON platform.overrides (tenant_id, kind, name) WHERE ended_at IS NULL"
    )
    op.execute("CREATE INDEX overrides_by_shop ON platform.overrides (tenant_id, set_at DESC)")
    _as_the_other_tables_of_shops("overrides")
    op.execute("GRANT SELECT, INSERT ON platform.overrides TO goldsmith_app, goldsmith_platform")
    op.execute("GRANT UPDATE (ended_at, ended_by) ON platform.overrides TO goldsmith_app, goldsmith_platform")
    op.execute(
        "INSERT INTO platform.overrides (tenant_id, kind, name, enabled, because, set_at, set_by) "
        "SELECT tenant_id, 'plugin', plugin, enabled, reason, set_at, set_by FROM platform.tenant_plugins"
    )
    audit_table(op, "overrides", schema="platform")
    op.drop_table("tenant_plugins", schema="platform")


def _as_the_other_tables_of_shops(table: str) -> None:
    for statement in guard(table, schema="platform"):
        op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
    op.execute(
        f"CREATE POLICY platform_rows ON platform.{table} TO goldsmith_platform, goldsmith_owner "
        "USING (true) WITH CHECK (true)"
    )
    op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")


def downgrade() -> None:
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
    _as_the_other_tables_of_shops("tenant_plugins")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON platform.tenant_plugins TO goldsmith_platform, goldsmith_app")
    op.execute(
        "INSERT INTO platform.tenant_plugins (tenant_id, plugin, enabled, set_by, set_at, reason) "
        "SELECT tenant_id, name, enabled, set_by, set_at, because FROM platform.overrides "
        "WHERE kind = 'plugin' AND ended_at IS NULL"
    )
    audit_table(op, "tenant_plugins", schema="platform", key=("tenant_id", "plugin"))
    op.drop_table("overrides", schema="platform")
    op.drop_column("tenants", "trial_until", schema="platform")
