"""A check also counts changes that belong to no entry."""

import sqlalchemy as sa
from alembic import op

revision = "audit_0002"
down_revision = "audit_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for schema in ("shop", "platform"):
        unsealed = sa.Column("unsealed", sa.BigInteger, nullable=False, server_default="0")
        op.add_column("audit_checks", unsealed, schema=schema)


def downgrade() -> None:
    for schema in ("shop", "platform"):
        op.drop_column("audit_checks", "unsealed", schema=schema)
