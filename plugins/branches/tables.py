"""Branches, their tills, and the times a branch was closed."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Text, Uuid, text

from kernel.schema import belongs_to, index, tenant_table, unique

branches = tenant_table(
    "branches",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    unique("code", name="branches_code_key"),
)

terminals = tenant_table(
    "terminals",
    Column("branch_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    belongs_to("branch_id", "branches", name="terminals_branch_fkey"),
    unique("branch_id", "name", name="terminals_name_key"),
)

branch_closings = tenant_table(
    "branch_closings",
    Column("branch_id", Uuid, nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("closed_by", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("reopened_at", DateTime(timezone=True)),
    Column("reopened_by", Text),
    belongs_to("branch_id", "branches", name="branch_closings_branch_fkey"),
    # A branch is closed once at a time, also when two people close it at the same moment.
    index("branch_closings_now_key", "branch_id", unique=True, postgresql_where=text("reopened_at IS NULL")),
)
