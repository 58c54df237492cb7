"""The market's rate at each of some moments: a chart of a year costs one look into the index for each of its points."""

from __future__ import annotations

from alembic import op

revision = "pricing_0002"
down_revision = "pricing_0001"
branch_labels = None
depends_on = None

SIGNATURE = "market_rates_at(text, text, timestamptz[])"
MARKET_RATES_AT = """
CREATE FUNCTION app.market_rates_at(wanted text, wanted_metal text, moments timestamptz[])
RETURNS TABLE (moment timestamptz, value numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT each.moment, newest.value FROM unnest(moments) AS each (moment)
    CROSS JOIN LATERAL (
        SELECT r.value FROM platform.market_rates AS r
        WHERE r.market = wanted AND r.metal = wanted_metal AND r.at <= each.moment
        ORDER BY r.at DESC, r.id DESC LIMIT 1
    ) AS newest;
END
"""


def upgrade() -> None:
    op.execute(MARKET_RATES_AT)
    op.execute(f"REVOKE ALL ON FUNCTION app.{SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app.{SIGNATURE} TO goldsmith_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION app.{SIGNATURE}")
