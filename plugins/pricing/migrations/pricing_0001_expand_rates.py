"""Rates a shop set, its board, its rules and quotes; and the rates of markets, which belong to the installation.

A shop reaches the rates of markets only through the two functions below.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import APPEND_ONLY, belongs_to, create_tenant_table, index, make_append_only, one_of, unique

revision = "pricing_0001"
down_revision = None
branch_labels = ("pricing",)
depends_on = ("kernel_0001", "branches_0001")

METALS = ("gold", "silver", "platinum", "palladium")
SIDES = ("sale", "buy_back")

# Newest first, at most `most` of each metal: one is a board, many are a history.
MARKET_RATES = """
CREATE FUNCTION app.market_rates(wanted text, until timestamptz, most integer) RETURNS SETOF platform.market_rates
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT newest.* FROM unnest('{gold,silver,platinum,palladium}'::text[]) AS each (metal)
    CROSS JOIN LATERAL (
        SELECT r.* FROM platform.market_rates AS r WHERE r.market = wanted AND r.metal = each.metal AND r.at <= until
        ORDER BY r.at DESC, r.id DESC LIMIT least(most, 1000)
    ) AS newest;
END
"""

# Whoever comes second with the same rate of the same source leaves no second row.
KEEP_MARKET_RATE = """
CREATE FUNCTION app.keep_market_rate(
    id uuid, market text, metal text, unit text, fineness integer, value numeric, currency text, source text,
    at timestamptz, kept_at timestamptz
) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH kept AS (
        INSERT INTO platform.market_rates (id, market, metal, unit, fineness, value, currency, source, at, kept_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT ON CONSTRAINT market_rates_once_key DO NOTHING RETURNING 1
    )
    SELECT EXISTS (SELECT FROM kept);
END
"""

FOR_SHOPS = {
    "market_rates(text, timestamptz, integer)": MARKET_RATES,
    "keep_market_rate(uuid, text, text, text, integer, numeric, text, text, timestamptz, timestamptz)": (
        KEEP_MARKET_RATE
    ),
}


def upgrade() -> None:
    create_tenant_table(
        op,
        "rate_places",
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("fineness", sa.Integer, nullable=False),
        one_of("metal", *METALS, name="rate_places_metal_check"),
        one_of("side", *SIDES, name="rate_places_side_check"),
        key=("metal", "side", "unit", "fineness"),
    )
    create_tenant_table(
        op,
        "rates",
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("fineness", sa.Integer, nullable=False),
        sa.Column("value", sa.Numeric, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        one_of("metal", *METALS, name="rates_metal_check"),
        one_of("side", *SIDES, name="rates_side_check"),
        sa.CheckConstraint("value > 0", name="rates_value_check"),
        sa.CheckConstraint("fineness BETWEEN 1 AND 10000", name="rates_fineness_check"),
        index("rates_newest", "metal", "side", "unit", "fineness", "at", "id"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "pricing_rules",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("metal", sa.Text),
        sa.Column("fineness_min", sa.Integer),
        sa.Column("fineness_max", sa.Integer),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("craftsmanship", sa.Text, nullable=False),
        sa.Column("branch_id", sa.Uuid),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("making", JSONB),
        sa.Column("profit_percent", sa.Numeric),
        sa.Column("markup_percent", sa.Numeric),
        sa.Column("price_step", sa.BigInteger),
        sa.Column("price_mode", sa.Text, nullable=False),
        belongs_to("branch_id", "branches", name="pricing_rules_branch_fkey"),
        unique("name", name="pricing_rules_name_key"),
        one_of("metal", *METALS, name="pricing_rules_metal_check"),
    )
    create_tenant_table(
        op,
        "pricing_quotes",
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", JSONB, nullable=False),
        rights=APPEND_ONLY,
    )
    _market_rates()


def _market_rates() -> None:
    op.create_table(
        "market_rates",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("market", sa.Text, nullable=False),
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("fineness", sa.Integer, nullable=False),
        sa.Column("value", sa.Numeric, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("market", "metal", "source", "at", name="market_rates_once_key"),
        one_of("metal", *METALS, name="market_rates_metal_check"),
        sa.CheckConstraint("value > 0", name="market_rates_value_check"),
        sa.CheckConstraint("fineness BETWEEN 1 AND 10000", name="market_rates_fineness_check"),
        sa.Index("market_rates_newest", "market", "metal", "at", "id"),
        schema="platform",
    )
    make_append_only(op, "platform.market_rates")
    op.execute("GRANT SELECT ON platform.market_rates TO goldsmith_platform")
    op.execute("GRANT SELECT ON platform.market_rates TO goldsmith_backup")
    for signature, definition in FOR_SHOPS.items():
        op.execute(definition)
        op.execute(f"REVOKE ALL ON FUNCTION app.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION app.{signature} TO goldsmith_app")


def downgrade() -> None:
    for signature in FOR_SHOPS:
        op.execute(f"DROP FUNCTION app.{signature}")
    op.drop_table("market_rates", schema="platform")
    for table in ("pricing_quotes", "pricing_rules", "rates", "rate_places"):
        op.execute(f"DROP TABLE shop.{table}")
