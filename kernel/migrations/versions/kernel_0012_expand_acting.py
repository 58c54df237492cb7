"""Work that an admin began in somebody's account stands in the trail under both names, when it is done later, too."""

import sqlalchemy as sa
from alembic import op

revision = "kernel_0012"
down_revision = "kernel_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (sa.Column("actor_id", sa.Uuid), sa.Column("subject_id", sa.Uuid), sa.Column("subject", sa.Text)):
        op.add_column("outbox", column, schema="shop")


def downgrade() -> None:
    for column in ("subject", "subject_id", "actor_id"):
        op.drop_column("outbox", column, schema="shop")
