"""Sales, refunds and voids are their own record; the trail says who made them, and from where."""

from alembic import op

from kernel.schema import audit_documents, leave_unaudited, stop_auditing

revision = "pos_0004"
down_revision = "pos_0003"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_documents(op, "sales")
    audit_documents(op, "refunds")
    audit_documents(op, "sale_voids", key=("sale_id",))
    leave_unaudited(op, "sale_hours", "totals, proven against the sales every night")
    leave_unaudited(op, "held_carts", "nothing has happened yet")


def downgrade() -> None:
    stop_auditing(op, "sales")
    stop_auditing(op, "refunds")
    stop_auditing(op, "sale_voids")
    stop_auditing(op, "sale_hours")
    stop_auditing(op, "held_carts")
