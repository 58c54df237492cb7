"""Who vouches for the people of a shop, and who is who there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import belongs_to, one_of, tenant_table, unique

identity_providers = tenant_table(
    "identity_providers",
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    #: Locked (kernel/safe.py).
    Column("secret", LargeBinary, nullable=False),
    Column("title", Text, nullable=False),
    Column("domains", ARRAY(Text), nullable=False),
    Column("newcomers", Text, nullable=False),
    Column("own_ways", Boolean, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False),
    one_of("newcomers", "nobody", "employee", "manager", name="identity_providers_newcomers_check"),
    unique(name="identity_providers_one_key"),
)

#: `subject` is the person's name at the issuer, which never changes, as an e-mail address may.
identity_links = tenant_table(
    "identity_links",
    Column("user_id", Uuid, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("linked_at", DateTime(timezone=True), nullable=False),
    belongs_to("user_id", "users", name="identity_links_user_fkey"),
    unique("issuer", "subject", name="identity_links_subject_key"),
    unique("user_id", "issuer", name="identity_links_user_key"),
)
