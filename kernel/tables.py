"""The kernel's own tables: shops and their plugin sets, maintenance, the outbox, long work, counters and settings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import index, metadata, one_of, tenant_table, unique

platform_metadata = MetaData(schema="platform")

tenants = Table(
    "tenants",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("market", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="active"),
    Column("plan", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

tenant_plugins = Table(
    "tenant_plugins",
    platform_metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("plugin", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("reason", Text, nullable=False, server_default=""),
)

maintenance = Table(
    "maintenance",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("because", Text, nullable=False, server_default=""),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("begun_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)

outbox = tenant_table(
    "outbox",
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("plugin", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text),
    Column("queue", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("tries_max", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("run_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("error", Text, nullable=False, server_default=""),
    Column("progress_done", BigInteger, nullable=False, server_default="0"),
    Column("progress_total", BigInteger, nullable=False, server_default="0"),
    unique("key", name="outbox_key_key"),
    one_of("kind", "event", "job", name="outbox_kind_check"),
    one_of("state", "waiting", "sent", "done", "dead", "skipped", name="outbox_state_check"),
    index("outbox_newest", text("created_at desc")),
)

#: Long work that a person waits for. Its id is that of the outbox row that does it; `title` is translated when shown.
long_work = tenant_table(
    "work",
    Column("plugin", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("may_stop", Boolean, nullable=False, server_default="false"),
    Column("language", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("begun_by", Text, nullable=False),
    Column("person", Uuid),
    #: When the try at hand began, and how much was done by then: what the time left is reckoned from.
    Column("started_at", DateTime(timezone=True)),
    Column("started_done", BigInteger, nullable=False, server_default="0"),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("result", Text, nullable=False, server_default=""),
    Column("sentence", Text, nullable=False, server_default=""),
    one_of("state", "waiting", "running", "done", "failed", "stopped", name="work_state_check"),
    index("work_newest", text("begun_at desc")),
    index("work_unseen", "person", postgresql_where=text("seen_at IS NULL")),
)

counters = tenant_table(
    "counters",
    Column("name", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    key=("name",),
)

settings = tenant_table(
    "settings",
    Column("name", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    key=("name",),
)

__all__ = [
    "counters", "long_work", "maintenance", "metadata", "outbox", "platform_metadata", "settings", "tenant_plugins",
    "tenants",
]  # fmt: skip
