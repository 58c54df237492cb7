"""What whoever runs the installation sees of its work: jobs without their content, faults, and what the clock started.

The old version writes none of it, and knows no job that was dropped.
"""

import sqlalchemy as sa
from alembic import op

from kernel.schema import create_lookup, one_of

revision = "kernel_0008"
down_revision = "kernel_0007"
branch_labels = None
depends_on = None

STATES = ("waiting", "sent", "done", "dead", "skipped")
#: What every lookup answers of a job: where it stands and how it went, never what it is about.
ENVELOPE = """
    tenant_id uuid, id uuid, kind text, name text, plugin text, queue text, state text, tries integer,
    tries_max integer, created_at timestamptz, run_at timestamptz, sent_at timestamptz, ended_at timestamptz,
    took_ms integer, error text, progress_done bigint, progress_total bigint
"""
# Of the error only its class: its sentence may name a customer.
SHOWN = """
    o.tenant_id, o.id, o.kind, o.name, o.plugin, o.queue, o.state, o.tries, o.tries_max, o.created_at, o.run_at,
    o.sent_at, o.ended_at, o.took_ms, split_part(o.error, ':', 1), o.progress_done, o.progress_total
"""
ASKED = """
    (shop IS NULL OR o.tenant_id = shop) AND (called IS NULL OR o.name = called)
    AND (line IS NULL OR o.queue = line) AND (since IS NULL OR o.created_at >= since)
    AND (among IS NULL OR o.id = ANY (among))
"""
# One part for each of the partial indexes; the others cost nothing.
FIND = """
CREATE FUNCTION app.find_jobs(
    wanted text, shop uuid, called text, line text, since timestamptz, among uuid[], most integer, past integer)
RETURNS TABLE ({envelope})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    (SELECT {shown} FROM shop.outbox AS o WHERE wanted = 'waiting' AND o.state = 'waiting' AND {asked}
        ORDER BY o.run_at LIMIT most OFFSET past)
    UNION ALL
    (SELECT {shown} FROM shop.outbox AS o WHERE wanted = 'sent' AND o.state = 'sent' AND {asked}
        ORDER BY o.sent_at LIMIT most OFFSET past)
    UNION ALL
    (SELECT {shown} FROM shop.outbox AS o
        WHERE wanted NOT IN ('waiting', 'sent') AND o.state = wanted AND o.ended_at IS NOT NULL AND {asked}
        ORDER BY o.ended_at DESC LIMIT most OFFSET past);
END
"""
ONE = """
CREATE FUNCTION app.find_job(shop uuid, job uuid) RETURNS TABLE ({envelope})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT {shown} FROM shop.outbox AS o WHERE o.tenant_id = shop AND o.id = job;
END
"""
COUNT = """
CREATE FUNCTION app.count_jobs()
RETURNS TABLE (tenant_id uuid, queue text, state text, name text, jobs bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.tenant_id, o.queue, 'waiting', o.name, count(*), min(o.run_at) FROM shop.outbox AS o
    WHERE o.state = 'waiting' GROUP BY o.tenant_id, o.queue, o.name
    UNION ALL
    SELECT o.tenant_id, o.queue, 'sent', o.name, count(*), min(o.sent_at) FROM shop.outbox AS o
    WHERE o.state = 'sent' GROUP BY o.tenant_id, o.queue, o.name
    UNION ALL
    SELECT o.tenant_id, o.queue, 'dead', o.name, count(*), min(o.ended_at) FROM shop.outbox AS o
    WHERE o.state = 'dead' AND o.ended_at IS NOT NULL GROUP BY o.tenant_id, o.queue, o.name;
END
"""
TIMES = """
CREATE FUNCTION app.time_jobs(since timestamptz)
RETURNS TABLE (name text, plugin text, done bigint, dead bigint, half_ms integer, most_ms integer, longest_ms integer,
    tries bigint, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.name, o.plugin, count(*) FILTER (WHERE o.state = 'done'), count(*) FILTER (WHERE o.state = 'dead'),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY o.took_ms) FILTER (WHERE o.state = 'done'),
        percentile_disc(0.95) WITHIN GROUP (ORDER BY o.took_ms) FILTER (WHERE o.state = 'done'),
        max(o.took_ms) FILTER (WHERE o.state = 'done'), sum(o.tries), max(o.ended_at)
    FROM shop.outbox AS o WHERE o.state IN ('done', 'dead') AND o.ended_at >= since GROUP BY o.name, o.plugin;
END
"""
LOOKUPS = {
    "find_jobs(text, uuid, text, text, timestamptz, uuid[], integer, integer)": FIND,
    "find_job(uuid, uuid)": ONE,
    "count_jobs()": COUNT,
    "time_jobs(timestamptz)": TIMES,
}


def upgrade() -> None:
    op.add_column("outbox", sa.Column("took_ms", sa.Integer, nullable=False, server_default="0"), schema="shop")
    _allow(*STATES, "dropped")
    # An entry a job, written when it ends. It serves what ended last, and how long each kind takes.
    op.execute("CREATE INDEX outbox_ended ON shop.outbox (state, ended_at) WHERE ended_at IS NOT NULL")
    for signature, definition in LOOKUPS.items():
        written = definition.format(envelope=ENVELOPE, shown=SHOWN, asked=ASKED)
        create_lookup(op, signature, written, callers="goldsmith_platform")
    _faults()
    op.create_table(
        "schedule_runs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("slot", sa.DateTime(timezone=True)),
        sa.Column("ran_at", sa.DateTime(timezone=True)),
        sa.Column("took_ms", sa.Integer, nullable=False, server_default="0"),
        sa.Column("started", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("asked_by", sa.Text, nullable=False, server_default=""),
        schema="platform",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON platform.schedule_runs TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.schedule_runs TO goldsmith_backup")


def _faults() -> None:
    op.create_table(
        "faults",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("raised_at", sa.Text, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seen_by", sa.Text),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
        sa.Column("resolved_by", sa.Text),
        sa.UniqueConstraint("fingerprint", name="faults_fingerprint_key"),
        one_of("kind", "page", "part", "job", "schedule", name="faults_kind_check"),
        schema="platform",
    )
    op.execute("CREATE INDEX faults_newest ON platform.faults (last_at DESC)")
    op.create_table(
        "fault_times",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("fault_id", sa.Uuid, sa.ForeignKey("platform.faults.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid),
        sa.Column("request", sa.Text, nullable=False, server_default=""),
        schema="platform",
    )
    op.execute("CREATE INDEX fault_times_newest ON platform.fault_times (fault_id, at DESC)")
    for table in ("faults", "fault_times"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON platform.{table} TO goldsmith_platform")
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")


def downgrade() -> None:
    for table in ("schedule_runs", "fault_times", "faults"):
        op.drop_table(table, schema="platform")
    for signature in LOOKUPS:
        op.execute(f"DROP FUNCTION app.{signature}")
    op.execute("DROP INDEX shop.outbox_ended")
    # FORCE hides every shop's rows from the owner; nothing is lost, what was dropped was to be left undone.
    op.execute("ALTER TABLE shop.outbox NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE shop.outbox SET state = 'skipped' WHERE state = 'dropped'")
    op.execute("ALTER TABLE shop.outbox FORCE ROW LEVEL SECURITY")
    _allow(*STATES)
    op.drop_column("outbox", "took_ms", schema="shop")


def _allow(*states: str) -> None:
    name = "outbox_state_check"
    check = one_of("state", *states, name=name).sqltext
    op.execute(f"ALTER TABLE shop.outbox DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({check})")
