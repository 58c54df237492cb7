"""A session may end with another one, and may be good for one shop only.

That of an admin who acts in a shop ends with the admin's own; one that a shop's own provider opened leads nowhere else.
"""

import sqlalchemy as sa
from alembic import op

revision = "identity_0006"
down_revision = "identity_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ends_with = sa.ForeignKey("platform.sessions.id", name="sessions_begun_from_fkey", ondelete="CASCADE")
    op.add_column("sessions", sa.Column("begun_from", sa.Uuid, ends_with), schema="platform")
    op.create_index("ix_platform_sessions_begun_from", "sessions", ["begun_from"], schema="platform")
    confined = sa.Column("confined", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("sessions", confined, schema="platform")


def downgrade() -> None:
    op.drop_column("sessions", "confined", schema="platform")
    op.drop_column("sessions", "begun_from", schema="platform")
