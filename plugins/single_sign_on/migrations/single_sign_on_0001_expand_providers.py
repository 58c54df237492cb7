"""Who vouches for the people of a shop, and who is who there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import audit_table, belongs_to, create_tenant_table, one_of, stop_auditing, unique

revision = "single_sign_on_0001"
down_revision = None
branch_labels = ("single_sign_on",)
depends_on = ("kernel_0003", "identity_0001")


def upgrade() -> None:
    create_tenant_table(
        op,
        "identity_providers",
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("domains", ARRAY(sa.Text), nullable=False),
        sa.Column("newcomers", sa.Text, nullable=False),
        sa.Column("own_ways", sa.Boolean, nullable=False),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        one_of("newcomers", "nobody", "employee", "manager", name="identity_providers_newcomers_check"),
        unique(name="identity_providers_one_key"),
    )
    audit_table(op, "identity_providers", hidden=("secret",))
    create_tenant_table(
        op,
        "identity_links",
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        belongs_to("user_id", "users", name="identity_links_user_fkey"),
        unique("issuer", "subject", name="identity_links_subject_key"),
        unique("user_id", "issuer", name="identity_links_user_key"),
    )
    audit_table(op, "identity_links")


def downgrade() -> None:
    for table in ("identity_links", "identity_providers"):
        stop_auditing(op, table)
        op.drop_table(table, schema="shop")
