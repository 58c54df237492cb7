"""Feature flags, what came of them, and the versions by which every process sees what changed for all shops."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import audit_table, create_tenant_table, guard, leave_unaudited

revision = "kernel_0007"
down_revision = "kernel_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        schema="platform",
    )
    op.create_table(
        "flags",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("shares", JSONB, nullable=False),
        sa.Column("shops", JSONB, nullable=False),
        sa.Column("killed", sa.Boolean, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        schema="platform",
    )
    for table in ("versions", "flags"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON platform.{table} TO goldsmith_platform")
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")
    audit_table(op, "flags", schema="platform", key=("name",))
    _figures()


def _figures() -> None:
    create_tenant_table(
        op,
        "flag_sightings",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("flag", sa.Text, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        key=("day", "flag", "variant", "goal", "person"),
        rights="SELECT, INSERT, DELETE",
    )
    leave_unaudited(op, "flag_sightings", "who met what is tried out; let go after some days")
    op.create_table(
        "flag_figures",
        sa.Column(
            "tenant_id",
            sa.Uuid,
            sa.ForeignKey("platform.tenants.id"),
            primary_key=True,
            server_default=sa.text("app.tenant()"),
        ),
        sa.Column("flag", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("variant", sa.Text, primary_key=True),
        sa.Column("goal", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        schema="platform",
    )
    # Written in the shop's own context, and read by the platform, which reads nothing else of a shop.
    for statement in guard("flag_figures", schema="platform"):
        op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
    op.execute("CREATE POLICY platform_rows ON platform.flag_figures FOR SELECT TO goldsmith_platform USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE (count) ON platform.flag_figures TO goldsmith_app")
    op.execute("GRANT SELECT ON platform.flag_figures TO goldsmith_platform, goldsmith_backup")
    op.execute("CREATE INDEX flag_figures_by_flag ON platform.flag_figures (flag, day)")


def downgrade() -> None:
    op.drop_table("flag_figures", schema="platform")
    op.drop_table("flag_sightings", schema="shop")
    op.drop_table("flags", schema="platform")
    op.drop_table("versions", schema="platform")
