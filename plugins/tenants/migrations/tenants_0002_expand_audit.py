"""Who suspended which shop."""

from alembic import op

from kernel.schema import audit_table, stop_auditing

revision = "tenants_0002"
down_revision = "tenants_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "suspensions", schema="platform")


def downgrade() -> None:
    stop_auditing(op, "suspensions", schema="platform")
