"""Views of lists that people keep."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Text, Uuid, text

from kernel.schema import index, tenant_table, unique

#: `person` is whoever works in the shop; `list` the path of the list, `query` what follows it in the address.
saved_views = tenant_table(
    "saved_views",
    Column("person", Uuid, nullable=False),
    Column("list", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("is_default", Boolean, nullable=False, server_default=text("false")),
    unique("person", "list", "name", name="saved_views_name_key"),
    index("saved_views_default_key", "person", "list", unique=True, postgresql_where=text("is_default")),
)
