"""Who works in some branches only sees the stock of these."""

from alembic import op

from kernel.schema import limit_to_branches, limit_to_makers, limit_with, stop_limiting

revision = "inventory_0006"
down_revision = "inventory_0005"
branch_labels = None
depends_on = ("kernel_0005",)

OF_A_BRANCH = ("items", "stock_movements", "stock_totals", "imports")


def upgrade() -> None:
    for table in OF_A_BRANCH:
        limit_to_branches(op, table)
    limit_with(op, "item_stones", "item_id", "items")
    limit_with(op, "import_rows", "import_id", "imports")
    limit_to_makers(op, "bulk_changes")


def downgrade() -> None:
    for table in ("bulk_changes", "import_rows", "item_stones", *OF_A_BRANCH):
        stop_limiting(op, table)
    op.drop_column("bulk_changes", "branches", schema="shop")
