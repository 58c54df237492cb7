"""Refresh tokens of the installation's programs, and the keys of each shop's people."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import belongs_to, index, tenant_table

#: One row for each that was given; the session it belongs to takes its rows along when it ends.
refresh_tokens = Table(
    "refresh_tokens",
    MetaData(schema="platform"),
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_hash", LargeBinary, nullable=False, index=True),
    #: What the program calls itself.
    Column("program", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

#: What a change of the API answered, by the key that its sender chose. Without a body it was too long to keep.
kept_answers = tenant_table(
    "kept_answers",
    Column("person", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("said", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary),
    Column("at", DateTime(timezone=True), nullable=False),
    key=("person", "key"),
)

program_keys = tenant_table(
    "program_keys",
    Column("user_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    #: Its first characters, to know it by.
    Column("start", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    belongs_to("user_id", "users", name="program_keys_user_fkey"),
    index("program_keys_by_user", "user_id"),
)
