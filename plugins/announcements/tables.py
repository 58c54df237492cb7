"""Announcements and their templates (the installation's), who has read them (each shop's own), and the sums."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import one_of, tenant_table

platform_metadata = MetaData(schema="platform")


def _words() -> list[Column[Any]]:
    names = ("title_en", "text_en", "title_fa", "text_fa")
    return [Column("severity", Text, nullable=False), *(Column(name, Text, nullable=False) for name in names)]


announcements = Table(
    "announcements",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    *_words(),
    #: Empty until it is published where it begins at once.
    Column("begins_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("zone", Text, nullable=False),
    Column("plans", ARRAY(Text), nullable=False),
    Column("markets", ARRAY(Text), nullable=False),
    Column("states", ARRAY(Text), nullable=False),
    Column("shops", ARRAY(Uuid), nullable=False),
    Column("in_app", Boolean, nullable=False),
    Column("post", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("published_by", Text),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("withdrawn_because", Text),
)

templates = Table(
    "announcement_templates",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    *_words(),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("made_by", Text, nullable=False),
)

#: Written by each shop in its own context, and all that the platform reads of it.
figures = Table(
    "announcement_figures",
    platform_metadata,
    Column("tenant_id", Uuid, primary_key=True, server_default=text("app.tenant()")),
    Column("announcement_id", Uuid, primary_key=True),
    Column("seen", Integer, nullable=False, server_default="0"),
    Column("acknowledged", Integer, nullable=False, server_default="0"),
    Column("letters", Integer, nullable=False, server_default="0"),
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    #: When the shop was given its letters to write.
    Column("posted_at", DateTime(timezone=True)),
)

reads = tenant_table(
    "announcement_reads",
    Column("announcement_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("acknowledged_at", DateTime(timezone=True)),
    key=("announcement_id", "person_id"),
)

letters = tenant_table(
    "announcement_letters",
    Column("announcement_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    one_of("state", "waiting", "sent", "failed", "dropped", name="announcement_letters_state_check"),
    key=("announcement_id", "person_id"),
)
