"""A transaction knows the only branches its person works in, and so does the work that is done for them later.

The old version enters a shop without them, as it always did.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "kernel_0005"
down_revision = "kernel_0004"
branch_labels = None
depends_on = None

# NULL is every branch: the house itself, and whoever is not limited. An empty set is none.
BRANCHES = """
CREATE FUNCTION app.branches() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.branches', true), '')::uuid[]
"""
ENTER = """
CREATE FUNCTION app.enter_shop(shop uuid, actor text, branches uuid[]) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.current_tenant', shop::text, true), set_config('app.actor', actor, true),
        set_config('app.branches', coalesce(branches::text, ''), true);
    RETURN (SELECT version FROM platform.tenants WHERE id = shop);
END $$
"""


def upgrade() -> None:
    op.execute(BRANCHES)
    readers = "goldsmith_app, goldsmith_platform, goldsmith_backup, goldsmith_lookup"
    op.execute(f"GRANT EXECUTE ON FUNCTION app.branches() TO {readers}")
    op.execute(ENTER)
    op.execute("GRANT EXECUTE ON FUNCTION app.enter_shop(uuid, text, uuid[]) TO goldsmith_app")
    op.add_column("work", sa.Column("branches", ARRAY(sa.Uuid)), schema="shop")


def downgrade() -> None:
    op.drop_column("work", "branches", schema="shop")
    op.execute("DROP FUNCTION app.enter_shop(uuid, text, uuid[])")
    op.execute("DROP FUNCTION app.branches()")
