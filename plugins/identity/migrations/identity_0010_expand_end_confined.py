"""What a shop's provider opened ends with it, or when the shop chooses another one."""

from alembic import op

revision = "identity_0010"
down_revision = "identity_0009"
branch_labels = None
depends_on = None

# Of the shop at hand.
END_CONFINED = """
CREATE FUNCTION app.end_confined() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM platform.sessions AS s WHERE s.tenant_id = (SELECT app.tenant()) AND s.confined;
END
"""


def upgrade() -> None:
    op.execute(END_CONFINED)
    op.execute("REVOKE ALL ON FUNCTION app.end_confined() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION app.end_confined() TO goldsmith_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.end_confined()")
