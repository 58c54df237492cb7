"""Who set which rule; a rate is its own record."""

from alembic import op

from kernel.schema import audit_documents, audit_table, stop_auditing

revision = "pricing_0005"
down_revision = "pricing_0004"
branch_labels = None
depends_on = ("kernel_0003",)


def upgrade() -> None:
    audit_table(op, "pricing_rules")
    audit_table(op, "rate_places", key=("metal", "side", "unit", "fineness"))
    audit_documents(op, "rates")


def downgrade() -> None:
    stop_auditing(op, "pricing_rules")
    stop_auditing(op, "rate_places")
    stop_auditing(op, "rates")
