"""Who changed the chart of accounts; journals are their own record."""

from alembic import op

from kernel.schema import audit_table, leave_unaudited, stop_auditing

revision = "accounting_0003"
down_revision = "accounting_0002"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "accounts")
    audit_table(op, "account_roles", key=("role",))
    leave_unaudited(op, "books", "the head of the numbers of journals")
    leave_unaudited(op, "account_days", "totals, proven against the entries every night")


def downgrade() -> None:
    stop_auditing(op, "accounts")
    stop_auditing(op, "account_roles")
    stop_auditing(op, "books")
    stop_auditing(op, "account_days")
