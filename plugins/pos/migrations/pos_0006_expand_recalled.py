"""A cart that was taken up stays for a while: the answer that brought it may be lost."""

import sqlalchemy as sa
from alembic import op

revision = "pos_0006"
down_revision = "pos_0005"
branch_labels = None
depends_on = None

CHANGED = "at, person, title, cart, recalled_at, recalled_by"


def upgrade() -> None:
    op.add_column("held_carts", sa.Column("recalled_at", sa.DateTime(timezone=True)), schema="shop")
    op.add_column("held_carts", sa.Column("recalled_by", sa.Uuid), schema="shop")
    op.execute(f"GRANT UPDATE ({CHANGED}) ON shop.held_carts TO goldsmith_app")


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE ({CHANGED}) ON shop.held_carts FROM goldsmith_app")
    # What was taken up was gone before.
    op.execute("DELETE FROM shop.held_carts WHERE recalled_at IS NOT NULL")
    op.drop_column("held_carts", "recalled_by", schema="shop")
    op.drop_column("held_carts", "recalled_at", schema="shop")
