"""Long work that a person waits for, and the maintenance that everybody waits for."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_tenant_table, index, one_of

revision = "kernel_0002"
down_revision = "kernel_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        op,
        "work",
        sa.Column("plugin", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("total", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("may_stop", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("started_done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("result", sa.Text, nullable=False, server_default=""),
        sa.Column("sentence", sa.Text, nullable=False, server_default=""),
        one_of("state", "waiting", "running", "done", "failed", "stopped", name="work_state_check"),
        index("work_newest", sa.text("begun_at desc")),
        index("work_unseen", "person", postgresql_where=sa.text("seen_at IS NULL")),
    )
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text, nullable=False, server_default=""),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT ON platform.maintenance TO goldsmith_platform")
    op.execute("GRANT UPDATE (ended_at, ended_by) ON platform.maintenance TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.maintenance TO goldsmith_backup")


def downgrade() -> None:
    op.drop_table("maintenance", schema="platform")
    op.execute("DROP TABLE shop.work")
