"""People and their sessions (the installation's), and what they are in a shop (each shop's own)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import belongs_to, index, one_of, tenant_table

platform_metadata = MetaData(schema="platform")

people = Table(
    "people",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    #: Set while the password is one to begin with: how long it opens anything.
    Column("start_until", DateTime(timezone=True)),
    Column("language", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
Index("people_email_key", func.lower(people.c.email), unique=True)

admins = Table(
    "admins",
    platform_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

sessions = Table(
    "sessions",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("tenant_id", Uuid),
    Column("stage", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    #: When its holder last showed a password or a factor.
    Column("proved_at", DateTime(timezone=True)),
    #: The admin who acts in the person's account; without `may_change` they only look.
    Column("impersonator_id", Uuid, index=True),
    Column("may_change", Boolean, nullable=False, server_default=true()),
    #: The admin's own session, which waits meanwhile: this one ends with it.
    Column("begun_from", Uuid, index=True),
    #: Opened by a shop's own provider: good in this shop only.
    Column("confined", Boolean, nullable=False, server_default=false()),
    #: When that provider last said that its holder had just shown there who they are.
    Column("vouched_at", DateTime(timezone=True)),
)

#: Authenticator apps: the seed is locked (kernel/safe.py), `last_step` is that of the last code that was taken.
apps = Table(
    "apps",
    platform_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("seed", LargeBinary, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    platform_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("hashes", ARRAY(Text), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

passkeys = Table(
    "passkeys",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", ARRAY(Text), nullable=False),
    Column("name", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    UniqueConstraint("credential_id", name="passkeys_credential_key"),
)

#: What a passkey is asked to sign: once, for one purpose, in one session where there is one.
challenges = Table(
    "challenges",
    platform_metadata,
    Column("challenge", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("session_id", Uuid, index=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

#: Letters by which a password is chosen anew; only the hash of what stands in the letter.
resets = Table(
    "resets",
    platform_metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

#: About a person's own account, waiting for who carries them.
letters = Table(
    "letters",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("about", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("run_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Index("letters_due", "run_at"),
    Index("letters_reset_key", "person_id", unique=True, postgresql_where=text("about = 'reset'")),
)

#: Where somebody was last: signing in leads there again. No shop is the platform.
last_places = Table(
    "last_places",
    platform_metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("tenant_id", Uuid, index=True),
)

users = tenant_table(
    "users",
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    #: What the shop speaks with them until they choose one themselves.
    Column("language", Text),
    one_of("role", "owner", "manager", "employee", name="users_role_check"),
)

user_departures = tenant_table(
    "user_departures",
    Column("user_id", Uuid, nullable=False),
    Column("left_at", DateTime(timezone=True), nullable=False),
    Column("let_go_by", Text, nullable=False),
    Column("returned_at", DateTime(timezone=True)),
    Column("taken_back_by", Text),
    belongs_to("user_id", "users", name="user_departures_user_fkey"),
    index("user_departures_now_key", "user_id", unique=True, postgresql_where=text("returned_at IS NULL")),
)

#: The branches a person is limited to; without any they see all of them.
user_branches = tenant_table(
    "user_branches",
    Column("user_id", Uuid, nullable=False),
    Column("branch_id", Uuid, nullable=False, comment="every branch: whom it limits is seen by who manages people"),
    belongs_to("user_id", "users", name="user_branches_user_fkey"),
    belongs_to("branch_id", "branches", name="user_branches_branch_fkey"),
    key=("user_id", "branch_id"),
)

role_permissions = tenant_table(
    "role_permissions",
    Column("role", Text, nullable=False),
    Column("permission", Text, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    one_of("role", "owner", "manager", "employee", name="role_permissions_role_check"),
    key=("role", "permission"),
)

#: Somebody is asked by letter to work here. Only the hash of what stands in the letter; none until it is written.
invitations = tenant_table(
    "invitations",
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text),
    #: The only branches they will see; None is all.
    Column("branches", ARRAY(Uuid)),
    Column("invited_by", Text, nullable=False),
    Column("invited_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("token_hash", LargeBinary),
    Column("sent_at", DateTime(timezone=True)),
    Column("undelivered_at", DateTime(timezone=True)),
    Column("accepted_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    one_of("role", "owner", "manager", "employee", name="invitations_role_check"),
    CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="invitations_outcome_check"),
)
Index(
    "invitations_open_key",
    invitations.c.tenant_id,
    func.lower(invitations.c.email),
    unique=True,
    postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
)
