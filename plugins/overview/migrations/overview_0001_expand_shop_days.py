"""What each shop did on each day, in figures. A shop writes its own rows; the platform reads all and writes none."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import guard

revision = "overview_0001"
down_revision = None
branch_labels = ("overview",)
depends_on = ("kernel_0008",)


def upgrade() -> None:
    op.create_table(
        "shop_days",
        sa.Column("tenant_id", sa.Uuid, server_default=sa.text("app.tenant()"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("sales", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name="shop_days_pkey"),
        schema="platform",
    )
    op.execute("CREATE INDEX shop_days_by_day ON platform.shop_days (day)")
    for statement in guard("shop_days", schema="platform"):
        op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
    op.execute("CREATE POLICY platform_reads ON platform.shop_days FOR SELECT TO goldsmith_platform USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON platform.shop_days TO goldsmith_app")
    op.execute("GRANT SELECT ON platform.shop_days TO goldsmith_platform, goldsmith_backup")


def downgrade() -> None:
    op.drop_table("shop_days", schema="platform")
