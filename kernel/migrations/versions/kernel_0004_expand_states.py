"""A shop can be past due, and deleted: what each state allows stands in `kernel/tenancy.py`."""

from alembic import op

from kernel.schema import one_of

revision = "kernel_0004"
down_revision = "kernel_0003"
branch_labels = None
depends_on = None

BEFORE = ("trial", "active", "suspended", "pending_deletion")
NAME = "tenants_state_check"


def upgrade() -> None:
    _allow(*BEFORE, "past_due", "deleted")


def downgrade() -> None:
    _allow(*BEFORE)


def _allow(*states: str) -> None:
    check = one_of("state", *states, name=NAME).sqltext
    op.execute(f"ALTER TABLE platform.tenants DROP CONSTRAINT {NAME}, ADD CONSTRAINT {NAME} CHECK ({check})")
