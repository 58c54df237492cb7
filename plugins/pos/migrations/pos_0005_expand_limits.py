"""Who works in some branches only sees what is sold in these."""

from alembic import op

from kernel.schema import limit_to_branches, limit_with, stop_limiting

revision = "pos_0005"
down_revision = "pos_0004"
branch_labels = None
depends_on = ("kernel_0005",)

OF_A_BRANCH = ("sales", "refunds", "sale_hours", "held_carts")
OF_A_SALE = ("sale_lines", "sale_payments", "sale_old_gold", "sale_voids")
OF_A_REFUND = ("refund_lines", "refund_payments")


def upgrade() -> None:
    for table in OF_A_BRANCH:
        limit_to_branches(op, table)
    for table in OF_A_SALE:
        limit_with(op, table, "sale_id", "sales")
    for table in OF_A_REFUND:
        limit_with(op, table, "refund_id", "refunds")


def downgrade() -> None:
    for table in (*OF_A_REFUND, *OF_A_SALE, *OF_A_BRANCH):
        stop_limiting(op, table)
