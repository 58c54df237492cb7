"""Letters about a person's own account: the installation writes them, whatever shops the person works in."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0008"
down_revision = "identity_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("platform.people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        schema="platform",
    )
    op.create_index("letters_due", "letters", ["run_at"], schema="platform")
    # Who asks five times to choose a password anew gets one letter.
    only_reset = sa.text("about = 'reset'")
    op.create_index(
        "letters_reset_key", "letters", ["person_id"], unique=True, schema="platform", postgresql_where=only_reset
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON platform.letters TO goldsmith_platform")
    op.execute("GRANT UPDATE (run_at, tries) ON platform.letters TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.letters TO goldsmith_backup")


def downgrade() -> None:
    op.drop_table("letters", schema="platform")
