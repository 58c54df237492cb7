"""Who opened, changed and closed branches and tills."""

from alembic import op

from kernel.schema import audit_table, stop_auditing

revision = "branches_0002"
down_revision = "branches_0001"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "branches")
    audit_table(op, "terminals")
    audit_table(op, "branch_closings")


def downgrade() -> None:
    stop_auditing(op, "branches")
    stop_auditing(op, "terminals")
    stop_auditing(op, "branch_closings")
