"""Who acted as whom: as the platform keeps it, and as the shop is told."""

import sqlalchemy as sa
from alembic import op

from kernel.schema import audit_table, create_tenant_table, index, one_of, stop_auditing

revision = "impersonation_0001"
down_revision = None
branch_labels = ("impersonation",)
depends_on = ("kernel_0003", "identity_0001")


def upgrade() -> None:
    op.create_table(
        "impersonations",
        sa.Column("id", sa.Uuid, primary_key=True),
        # Not a foreign key: what happened is known longer than any session.
        sa.Column("session_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("admin_id", sa.Uuid, sa.ForeignKey("platform.people.id"), nullable=False),
        sa.Column("admin", sa.Text, nullable=False),
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("platform.tenants.id"), nullable=False, index=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("platform.people.id"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True)),
        sa.Column("escalated_because", sa.Text, nullable=False, server_default=""),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ending", sa.Text),
        one_of("ending", "left", "ran_out", "cut_off", name="impersonations_ending_check"),
        schema="platform",
    )
    op.execute(
        "CREATE UNIQUE INDEX impersonations_now_key ON platform.impersonations (admin_id) WHERE ended_at IS NULL"
    )
    op.execute("GRANT SELECT, INSERT ON platform.impersonations TO goldsmith_platform")
    columns = "escalated_at, escalated_because, ended_at, ending"
    op.execute(f"GRANT UPDATE ({columns}) ON platform.impersonations TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.impersonations TO goldsmith_backup")
    audit_table(op, "impersonations", schema="platform")
    create_tenant_table(
        op,
        "visits",
        sa.Column("admin", sa.Text, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("may_change", sa.Boolean, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        index("visits_newest", sa.text("at desc")),
        index("visits_unseen", "at", postgresql_where=sa.text("seen_at IS NULL")),
    )
    audit_table(op, "visits", ignored=("seen_at",))


def downgrade() -> None:
    stop_auditing(op, "visits")
    op.drop_table("visits", schema="shop")
    stop_auditing(op, "impersonations", schema="platform")
    op.drop_table("impersonations", schema="platform")
