"""Of two who change a plan at once, the second hears of the first. The old version changes it without counting."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import audit_table, stop_auditing

revision = "kernel_0017"
down_revision = "kernel_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("version", sa.Integer, nullable=False, server_default="1"), schema="platform")
    op.execute("GRANT UPDATE (version) ON platform.plans TO goldsmith_platform")
    _note_all_but("version")


def downgrade() -> None:
    op.drop_column("plans", "version", schema="platform")
    _note_all_but()


def _note_all_but(*ignored: str) -> None:
    stop_auditing(op, "plans", schema="platform")
    audit_table(op, "plans", schema="platform", key=("name",), ignored=ignored)
