"""Branches, their tills, and the times a branch was closed."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import belongs_to, create_tenant_table, index, unique

revision = "branches_0001"
down_revision = None
branch_labels = ("branches",)
depends_on = ("kernel_0001",)


def upgrade() -> None:
    create_tenant_table(
        op,
        "branches",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        unique("code", name="branches_code_key"),
    )
    create_tenant_table(
        op,
        "terminals",
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        belongs_to("branch_id", "branches", name="terminals_branch_fkey"),
        unique("branch_id", "name", name="terminals_name_key"),
    )
    create_tenant_table(
        op,
        "branch_closings",
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True)),
        sa.Column("reopened_by", sa.Text),
        belongs_to("branch_id", "branches", name="branch_closings_branch_fkey"),
        index("branch_closings_now_key", "branch_id", unique=True, postgresql_where=sa.text("reopened_at IS NULL")),
    )


def downgrade() -> None:
    for table in ("branch_closings", "terminals", "branches"):
        op.execute(f"DROP TABLE shop.{table}")
