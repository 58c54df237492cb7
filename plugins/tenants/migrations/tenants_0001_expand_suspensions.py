"""When, by whom and why a shop was suspended."""

import sqlalchemy as sa
from alembic import op

revision = "tenants_0001"
down_revision = None
branch_labels = ("tenants",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), nullable=False),
        sa.Column("state_before", sa.Text, nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        schema="platform",
    )
    op.execute("CREATE UNIQUE INDEX suspensions_now_key ON platform.suspensions (tenant_id) WHERE ended_at IS NULL")
    op.execute("GRANT SELECT, INSERT ON platform.suspensions TO goldsmith_platform")
    op.execute("GRANT UPDATE (ended_at, ended_by) ON platform.suspensions TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.suspensions TO goldsmith_backup")


def downgrade() -> None:
    op.drop_table("suspensions", schema="platform")
