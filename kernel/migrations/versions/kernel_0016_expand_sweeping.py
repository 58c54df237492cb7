"""Jobs that have ended are forgotten after a while, a batch at a time; the index of what ended finds them."""

from alembic import op

from kernel.schema import create_lookup

revision = "kernel_0016"
down_revision = "kernel_0015"
branch_labels = None
depends_on = None

# What failed stays until somebody has seen to it, and what a person waited for as long as they may start it again.
SWEEP = """
CREATE FUNCTION app.sweep_jobs(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH old AS (
        SELECT o.tenant_id, o.id FROM shop.outbox AS o
        WHERE o.state IN ('done', 'skipped', 'dropped') AND o.ended_at IS NOT NULL AND o.ended_at < before
            AND NOT EXISTS (SELECT FROM shop.work AS w WHERE w.tenant_id = o.tenant_id AND w.id = o.id)
        LIMIT most FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM shop.outbox AS o USING old WHERE o.tenant_id = old.tenant_id AND o.id = old.id RETURNING o.id
    )
    SELECT count(*) FROM gone;
END
"""


def upgrade() -> None:
    op.execute("GRANT DELETE ON shop.outbox TO goldsmith_lookup")
    op.execute("GRANT SELECT (tenant_id, id) ON shop.work TO goldsmith_lookup")
    create_lookup(op, "sweep_jobs(timestamptz, integer)", SWEEP, callers="goldsmith_platform")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.sweep_jobs(timestamptz, integer)")
    op.execute("REVOKE SELECT (tenant_id, id) ON shop.work FROM goldsmith_lookup")
    op.execute("REVOKE DELETE ON shop.outbox FROM goldsmith_lookup")
