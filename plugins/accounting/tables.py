"""The books. Only `shop.post_journal` and `shop.open_books` write what is posted; the application reads it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.schema import belongs_to, index, one_of, tenant_table, unique

accounts = tenant_table(
    "accounts",
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    unique("code", name="accounts_code_key"),
    one_of("kind", "asset", "liability", "equity", "income", "expense", "metal", name="accounts_kind_check"),
)

#: Where documents are booked: which account plays the part of the drawer, of the stock, of a tax.
account_roles = tenant_table(
    "account_roles",
    Column("role", Text, nullable=False),
    Column("account", Uuid, nullable=False),
    belongs_to("account", "accounts", name="account_roles_account_fkey"),
    key=("role",),
)

#: One row a shop: the last number and seal, the day of the latest journal, the units that were ever booked.
books = tenant_table(
    "books",
    Column("number", BigInteger, nullable=False, server_default="0"),
    Column("seal", LargeBinary, nullable=False),
    Column("last_day", Date),
    # Nothing is posted up to and including this day.
    Column("closed_through", Date),
    Column("units", ARRAY(Text), nullable=False, server_default="{}"),
    key=(),
)

journals = tenant_table(
    "journals",
    Column("number", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
    Column("document_kind", Text, nullable=False),
    Column("document", Uuid, nullable=False),
    Column("reference", Text, nullable=False),
    Column("memo", Text, nullable=False),
    Column("reverses", Uuid),
    Column("actor", Text, nullable=False),
    Column("lines", SmallInteger, nullable=False),
    # Of what was asked: tells the same document again from another one under its name.
    Column("content", LargeBinary, nullable=False),
    # Of what was written, and of the seal before.
    Column("seal", LargeBinary, nullable=False),
    unique("document_kind", "document", name="journals_document_key"),
    unique("number", "lines", name="journals_number_lines_key"),
    unique("number", name="journals_number_key"),
    CheckConstraint("lines >= 2", name="journals_lines_check"),
    belongs_to("reverses", "journals", name="journals_reverses_fkey"),
    index("journals_reverses_key", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    index("journals_by_day", "day", "number"),
    index("journals_by_kind", "document_kind", "day", "number"),
    index("journals_by_reference", "reference"),
)

#: Signed: debit above zero, credit below. Money in minor units, metal in fine units of 0.1 µg.
entries = tenant_table(
    "entries",
    Column("number", BigInteger, nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("lines", SmallInteger, nullable=False),
    Column("account", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    ForeignKeyConstraint(
        ["tenant_id", "number", "lines"],
        ["shop.journals.tenant_id", "shop.journals.number", "shop.journals.lines"],
        name="entries_journal_fkey",
    ),
    CheckConstraint("line BETWEEN 1 AND lines", name="entries_line_check"),
    CheckConstraint("amount <> 0", name="entries_amount_check"),
    index("entries_ledger", "account", "unit", "day", "number"),
    key=("number", "line"),
)

#: What an account turned over from its first day up to and including this one.
account_days = tenant_table(
    "account_days",
    Column("account", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    belongs_to("account", "accounts", name="account_days_account_fkey"),
    key=("account", "unit", "day"),
)

book_proofs = tenant_table(
    "book_proofs",
    Column("proved_at", DateTime(timezone=True), nullable=False),
    Column("journals", BigInteger, nullable=False),
    Column("findings", Integer, nullable=False),
    # How far each publisher was heard when its documents were compared with the journals.
    Column("heard", JSONB, nullable=False, server_default=text("'{}'")),
    index("book_proofs_newest", "proved_at"),
)

book_findings = tenant_table(
    "book_findings",
    Column("proof", Uuid, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("counted", Text, nullable=False),
    one_of("kind", "balance", "seal", "number", "document", name="book_findings_kind_check"),
    index("book_findings_of_proof", "proof"),
)
