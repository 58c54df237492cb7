"""Rates a shop set, its board, its rules and quotes; and the rates of markets, which belong to the installation."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from kernel.metal import Metal
from kernel.schema import belongs_to, index, one_of, tenant_table, unique
from plugins.pricing.domain.terms import Side

# The places a shop quotes. A rate is found through its place, so that its history may be as long as it likes.
rate_places = tenant_table(
    "rate_places",
    Column("metal", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("fineness", Integer, nullable=False),
    one_of("metal", *Metal, name="rate_places_metal_check"),
    one_of("side", *Side, name="rate_places_side_check"),
    key=("metal", "side", "unit", "fineness"),
)

rates = tenant_table(
    "rates",
    Column("metal", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("fineness", Integer, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("set_by", Text, nullable=False),
    one_of("metal", *Metal, name="rates_metal_check"),
    one_of("side", *Side, name="rates_side_check"),
    CheckConstraint("value > 0", name="rates_value_check"),
    CheckConstraint("fineness BETWEEN 1 AND 10000", name="rates_fineness_check"),
    index("rates_newest", "metal", "side", "unit", "fineness", "at", "id"),
)

pricing_rules = tenant_table(
    "pricing_rules",
    Column("name", Text, nullable=False),
    Column("metal", Text),
    Column("fineness_min", Integer),
    Column("fineness_max", Integer),
    Column("category", Text, nullable=False),
    Column("craftsmanship", Text, nullable=False),
    Column("branch_id", Uuid),
    Column("tier", Text, nullable=False),
    Column("making", JSONB),
    Column("profit_percent", Numeric),
    Column("markup_percent", Numeric),
    Column("price_step", BigInteger),
    Column("price_mode", Text, nullable=False),
    belongs_to("branch_id", "branches", name="pricing_rules_branch_fkey"),
    unique("name", name="pricing_rules_name_key"),
    one_of("metal", *Metal, name="pricing_rules_metal_check"),
)

pricing_quotes = tenant_table(
    "pricing_quotes",
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("record", JSONB, nullable=False),
    index("pricing_quotes_newest", "made_at", "id"),
)

platform_metadata = MetaData(schema="platform")

market_rates = Table(
    "market_rates",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("market", Text, nullable=False),
    Column("metal", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("fineness", Integer, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("market", "metal", "source", "at", name="market_rates_once_key"),
    one_of("metal", *Metal, name="market_rates_metal_check"),
    CheckConstraint("value > 0", name="market_rates_value_check"),
    CheckConstraint("fineness BETWEEN 1 AND 10000", name="market_rates_fineness_check"),
)
Index("market_rates_newest", market_rates.c.market, market_rates.c.metal, market_rates.c.at, market_rates.c.id)
