"""Who changed which piece; what left and came stands in the ledger of movements."""

from alembic import op

from kernel.schema import audit_table, leave_unaudited, stop_auditing

revision = "inventory_0005"
down_revision = "inventory_0004"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "categories")
    audit_table(op, "items", ignored=("on_hand", "worth", "unit_cost", "words", "sort_name", "version"))
    audit_table(op, "item_stones", key=("item_id", "place"))
    audit_table(op, "imports", hidden=("content",))
    leave_unaudited(op, "item_words", "made from the pieces")
    leave_unaudited(op, "import_rows", "a file that waits; what it brings in is audited")
    leave_unaudited(op, "stock_totals", "totals, proven against the pieces")
    leave_unaudited(op, "bulk_changes", "what a change of many can be undone by; the pieces are audited")


def downgrade() -> None:
    stop_auditing(op, "categories")
    stop_auditing(op, "items")
    stop_auditing(op, "item_stones")
    stop_auditing(op, "imports")
    stop_auditing(op, "item_words")
    stop_auditing(op, "import_rows")
    stop_auditing(op, "stock_totals")
    stop_auditing(op, "bulk_changes")
