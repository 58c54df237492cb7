"""Plans are in the database, what shops pay has a history, and a shop knows which of its plugins have been told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.schema import audit_table, guard, one_of, stop_auditing

revision = "kernel_0006"
down_revision = "kernel_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("told", ARRAY(sa.Text), nullable=False, server_default="{}"), schema="platform")
    op.execute("GRANT UPDATE (told) ON platform.tenants TO goldsmith_app")
    stop_auditing(op, "tenants", schema="platform")
    audit_table(op, "tenants", schema="platform", ignored=("version", "told"))
    op.create_table(
        "plans",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("cycle", sa.Text, nullable=False),
        sa.Column("limits", JSONB, nullable=False),
        sa.Column("plugins", ARRAY(sa.Text), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("archived_by", sa.Text),
        sa.CheckConstraint("name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'", name="plans_name_check"),
        sa.CheckConstraint("price >= 0", name="plans_price_check"),
        one_of("cycle", "month", "year", name="plans_cycle_check"),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT ON platform.plans TO goldsmith_platform")
    op.execute(
        "GRANT UPDATE (title, price, currency, cycle, limits, plugins, archived_at, archived_by) "
        "ON platform.plans TO goldsmith_platform"
    )
    # What a plan has and costs is no secret from those who may choose it.
    op.execute("GRANT SELECT ON platform.plans TO goldsmith_app, goldsmith_backup")
    audit_table(op, "plans", schema="platform", key=("name",))
    _subscriptions()


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("cycle", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        one_of("cycle", "month", "year", name="subscriptions_cycle_check"),
        schema="platform",
    )
    op.execute("CREATE UNIQUE INDEX subscriptions_open_key ON platform.subscriptions (tenant_id) WHERE until IS NULL")
    op.execute("CREATE INDEX subscriptions_by_shop ON platform.subscriptions (tenant_id, since DESC)")
    for statement in guard("subscriptions", schema="platform"):
        op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
    op.execute(
        "CREATE POLICY platform_rows ON platform.subscriptions TO goldsmith_platform, goldsmith_owner "
        "USING (true) WITH CHECK (true)"
    )
    op.execute("GRANT SELECT, INSERT ON platform.subscriptions TO goldsmith_app, goldsmith_platform")
    op.execute("GRANT UPDATE (until) ON platform.subscriptions TO goldsmith_app, goldsmith_platform")
    op.execute("GRANT SELECT ON platform.subscriptions TO goldsmith_backup")
    audit_table(op, "subscriptions", schema="platform")


def downgrade() -> None:
    op.drop_table("subscriptions", schema="platform")
    op.drop_table("plans", schema="platform")
    op.drop_column("tenants", "told", schema="platform")
    stop_auditing(op, "tenants", schema="platform")
    audit_table(op, "tenants", schema="platform", ignored=("version",))
