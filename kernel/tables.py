"""The kernel's own tables: shops and their plugin sets, maintenance, the outbox, long work, counters and settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

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
    Column("trial_until", DateTime(timezone=True)),
    #: The plugins that have been told that they are on: what a plan or an override brings is on from then.
    Column("told", ARRAY(Text), nullable=False, server_default="{}"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

plans = Table(
    "plans",
    platform_metadata,
    Column("name", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("limits", JSONB, nullable=False),
    Column("plugins", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("archived_at", DateTime(timezone=True)),
    Column("archived_by", Text),
    #: Goes up with each change of what it has and costs.
    Column("version", Integer, nullable=False, server_default="1"),
)

#: What each shop pays, and since when; one is open for whoever pays. A trial has none.
subscriptions = Table(
    "subscriptions",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, nullable=False),
    Column("plan", Text, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("set_by", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
)

#: What an admin grants or denies one shop beside its plan, until somebody or its own time ends it. A limit without a
#: number is none.
overrides = Table(
    "overrides",
    platform_metadata,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("tenant_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("enabled", Boolean),
    Column("number", BigInteger),
    Column("because", Text, nullable=False, server_default=""),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("set_by", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
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

#: What went wrong, each kind once (`kernel/faults.py`), and when it did, by the number that people were told.
faults = Table(
    "faults",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("times", BigInteger, nullable=False, server_default="1"),
    Column("first_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("seen_by", Text),
    Column("resolved_at", DateTime(timezone=True)),
    Column("resolved_by", Text),
)
fault_times = Table(
    "fault_times",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("fault_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("tenant_id", Uuid),
    Column("request", Text, nullable=False, server_default=""),
)

#: What the clock last did under each name; `asked_at` is set while somebody wants it done now.
schedule_runs = Table(
    "schedule_runs",
    platform_metadata,
    Column("name", Text, primary_key=True),
    Column("slot", DateTime(timezone=True)),
    Column("ran_at", DateTime(timezone=True)),
    Column("took_ms", Integer, nullable=False, server_default="0"),
    Column("started", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("asked_at", DateTime(timezone=True)),
    Column("asked_by", Text, nullable=False, server_default=""),
)

#: What every process keeps in memory, and when that is old: `kernel/known.py`.
versions = Table(
    "versions",
    platform_metadata,
    Column("name", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

#: What was decided about feature flags (`kernel/flags.py`), and why it was the last time; before that, the trail knows.
flags = Table(
    "flags",
    platform_metadata,
    Column("name", Text, primary_key=True),
    Column("shares", JSONB, nullable=False),
    Column("shops", JSONB, nullable=False),
    Column("killed", Boolean, nullable=False),
    Column("because", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Text, nullable=False),
)

#: How often a variant was met, or a goal reached, in a shop on a day: written by the shop, read by the platform.
flag_figures = Table(
    "flag_figures",
    platform_metadata,
    Column("tenant_id", Uuid, primary_key=True, server_default=text("app.tenant()")),
    Column("flag", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("variant", Text, primary_key=True),
    Column("goal", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

flag_sightings = tenant_table(
    "flag_sightings",
    Column("day", Date, nullable=False),
    Column("flag", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("goal", Text, nullable=False),
    Column("person", Uuid, nullable=False),
    key=("day", "flag", "variant", "goal", "person"),
)

outbox = tenant_table(
    "outbox",
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("plugin", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("actor", Text, nullable=False),
    #: Only where an admin began it in somebody's account: who that is, and whose it is.
    Column("actor_id", Uuid),
    Column("subject_id", Uuid),
    Column("subject", Text),
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
    #: How long workers were busy with it, all its steps and tries together.
    Column("took_ms", Integer, nullable=False, server_default="0"),
    unique("key", name="outbox_key_key"),
    one_of("kind", "event", "job", name="outbox_kind_check"),
    one_of("state", "waiting", "sent", "done", "dead", "skipped", "dropped", name="outbox_state_check"),
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
    #: The only branches of whoever began it: the work sees no others. Empty is all.
    Column("branches", ARRAY(Uuid)),
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


def _entry_columns() -> list[Column[Any]]:
    return [
        Column("number", BigInteger, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("action", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("actor_kind", Text, nullable=False),
        Column("actor_id", Uuid),
        Column("actor", Text, nullable=False),
        Column("subject_id", Uuid),
        Column("subject", Text),
        Column("address", Text),
        Column("request", Text),
        Column("details", JSONB),
        Column("hash", LargeBinary, nullable=False),
        #: How the hash is made; the oldest entries have none.
        Column("version", SmallInteger),
    ]


def _change_columns() -> list[Column[Any]]:
    return [
        Column("entry_id", Uuid, nullable=False),
        Column("about", Text, nullable=False),
        Column("row_key", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("before", JSONB),
        Column("after", JSONB),
    ]


#: The audit trail: `kernel/audit.py`. The platform keeps one of its own.
audit_entries = tenant_table(
    "audit_entries",
    *_entry_columns(),
    unique("number", name="audit_entries_number_key"),
    index("audit_entries_by_actor", "actor_id", text("number desc")),
    index("audit_entries_by_action", "action", text("number desc")),
    index("audit_entries_by_time", "at"),
)
audit_changes = tenant_table(
    "audit_changes",
    *_change_columns(),
    index("audit_changes_by_entry", "entry_id"),
    index("audit_changes_by_row", "about", "row_key"),
)
audit_heads = tenant_table(
    "audit_heads",
    Column("name", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    key=("name",),
)
platform_audit_entries = Table(
    "audit_entries", platform_metadata, Column("id", Uuid, primary_key=True), *_entry_columns()
)
platform_audit_changes = Table(
    "audit_changes", platform_metadata, Column("id", Uuid, primary_key=True), *_change_columns()
)

platform_audit_heads = Table(
    "audit_heads",
    platform_metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

__all__ = [
    "audit_changes",
    "audit_entries",
    "audit_heads",
    "counters",
    "fault_times",
    "faults",
    "flag_figures",
    "flag_sightings",
    "flags",
    "long_work",
    "maintenance",
    "metadata",
    "outbox",
    "overrides",
    "plans",
    "platform_audit_changes",
    "platform_audit_entries",
    "platform_audit_heads",
    "platform_metadata",
    "schedule_runs",
    "settings",
    "subscriptions",
    "tenants",
    "versions",
]
