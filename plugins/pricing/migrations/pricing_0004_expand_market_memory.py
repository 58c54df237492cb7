"""Rates of markets are kept for two years: each one that comes takes some of the oldest of its metal along."""

from __future__ import annotations

from alembic import op

revision = "pricing_0004"
down_revision = "pricing_0003"
branch_labels = None
depends_on = None

KEEP_MARKET_RATE = """
CREATE OR REPLACE FUNCTION app.keep_market_rate(
    id uuid, market text, metal text, unit text, fineness integer, value numeric, currency text, source text,
    at timestamptz, kept_at timestamptz
) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH kept AS (
        INSERT INTO platform.market_rates (id, market, metal, unit, fineness, value, currency, source, at, kept_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT ON CONSTRAINT market_rates_once_key DO NOTHING RETURNING 1
    )%s
    SELECT EXISTS (SELECT FROM kept);
END
"""
# At most a hundred, found along the index: whoever fetches a rate waits for nothing that grows.
# By the slower of two clocks: the trigger below goes by the database's, and would refuse the rate that comes.
FORGOTTEN = """, forgotten AS (
        DELETE FROM platform.market_rates AS r USING (
            SELECT old.id FROM platform.market_rates AS old
            WHERE old.market = $2 AND old.metal = $3 AND old.at < least($10, now()) - interval '2 years'
            ORDER BY old.at LIMIT 100
        ) AS old
        WHERE r.id = old.id AND EXISTS (SELECT FROM kept)
    )"""

ALWAYS = "BEFORE UPDATE OR DELETE ON platform.market_rates"
CHANGED = "BEFORE UPDATE ON platform.market_rates"
YOUNG = "BEFORE DELETE ON platform.market_rates"
STILL_NEEDED = "WHEN (OLD.at > now() - interval '2 years')"


def upgrade() -> None:
    op.execute(KEEP_MARKET_RATE % FORGOTTEN)
    op.execute("DROP TRIGGER append_only ON platform.market_rates")
    op.execute(f"CREATE TRIGGER append_only {CHANGED} FOR EACH ROW EXECUTE FUNCTION app.refuse_change()")
    op.execute(
        f"CREATE TRIGGER kept_two_years {YOUNG} FOR EACH ROW {STILL_NEEDED} EXECUTE FUNCTION app.refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER kept_two_years ON platform.market_rates")
    op.execute("DROP TRIGGER append_only ON platform.market_rates")
    op.execute(f"CREATE TRIGGER append_only {ALWAYS} FOR EACH ROW EXECUTE FUNCTION app.refuse_change()")
    op.execute(KEEP_MARKET_RATE % "")
