"""The books: chart of accounts, journals in two units, what accounts turned over, and the one function that posts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.schema import (
    APPEND_ONLY,
    READ_ONLY,
    belongs_to,
    create_tenant_table,
    index,
    make_append_only,
    one_of,
    unique,
)

revision = "accounting_0001"
down_revision = None
branch_labels = ("accounting",)
depends_on = ("kernel_0001",)

# What a journal is sealed with. One text for the function that posts and for the job that proves. What people type
# stands in it behind its length, so that no text can be mistaken for another.
SEAL = """
CREATE FUNCTION shop.seal_of_journal(
    previous bytea, number bigint, day date, posted_at timestamptz, document_kind text, document uuid,
    reference text, memo text, reverses uuid, actor text, accounts uuid[], units text[], amounts bigint[]
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(previous || convert_to(concat_ws(' ',
    number, day - date '1970-01-01', extract(epoch FROM posted_at), document_kind, document,
    length(reference), reference, length(memo), memo, length(actor), actor, coalesce(reverses::text, '-'),
    array_to_string(accounts, ','), array_to_string(units, ','), array_to_string(amounts, ',')
), 'UTF8'))
"""

# The seal before a shop's first journal: its own, so that no two shops have the same chain.
OPEN = """
CREATE FUNCTION shop.open_books() RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH opened AS (
        INSERT INTO shop.books (seal) VALUES (sha256(convert_to(app.tenant()::text, 'UTF8')))
        ON CONFLICT DO NOTHING RETURNING true
    )
    SELECT EXISTS (SELECT FROM opened);
END
"""

# The only writer of journals. `places` are roles ('cash', 'revenue.making') or accounts' ids; a role that no account
# has falls back to its family's 'other' ('revenue.other'). Answers nothing where the shop has no books yet, and a row
# of nulls where everything would cancel out.
#
# The row of `books` gives the number and the last seal. It is locked for as short as possible: from there until commit
# two tills of one shop cannot post at the same time, and nothing below needs to mind a race.
#
# `account_days` is kept cumulated: what an account turned over up to and including a day. Any range of days is then the
# difference of two rows, whatever lies between, and a posting changes one row per account. A posting to an earlier day
# changes the later days, too; that is rare, and a month back is thirty rows.
POST = """
CREATE FUNCTION shop.post_journal(
    document_kind text, document uuid, reference text, memo text, reverses uuid, day date, posted_at timestamptz,
    places text[], units text[], amounts bigint[]
) RETURNS TABLE (journal uuid, number bigint, is_new boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    -- Not the reference: a label such as a SKU may be corrected, and the document is still the same.
    content bytea := sha256(convert_to(concat_ws(' ', day - date '1970-01-01', memo, reverses,
        array_to_string(places, ','), array_to_string(units, ','), array_to_string(amounts, ',')), 'UTF8'));
    actor text := coalesce(current_setting('app.actor', true), '');
    lacking text;
    accounts uuid[];
    book record;
    before record;
    next_seal bytea;
    carried integer;
BEGIN
    WITH asked AS (
        SELECT p.place, p.unit, p.amount, p.line, coalesce(
            (SELECT r.account FROM shop.account_roles AS r WHERE r.role = p.place),
            (SELECT r.account FROM shop.account_roles AS r WHERE r.role = split_part(p.place, '.', 1) || '.other'),
            (SELECT a.id FROM shop.accounts AS a
             WHERE a.id = CASE WHEN p.place ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p.place::uuid END)
        ) AS account
        FROM unnest(places, units, amounts) WITH ORDINALITY AS p (place, unit, amount, line)
    ), merged AS (
        SELECT a.account, a.unit, sum(a.amount)::bigint AS amount, min(a.line) AS line, min(a.place) AS place
        FROM asked AS a GROUP BY a.account, a.unit HAVING sum(a.amount) <> 0
    )
    SELECT array_agg(m.account ORDER BY m.line), array_agg(m.unit ORDER BY m.line),
           array_agg(m.amount ORDER BY m.line), min(m.place) FILTER (WHERE m.account IS NULL)
    INTO accounts, units, amounts, lacking FROM merged AS m;

    SELECT b.number, b.seal, b.last_day, b.closed_through INTO book FROM shop.books AS b FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT j.id, j.number, j.content INTO before FROM shop.journals AS j
    WHERE j.document_kind = document_kind AND j.document = document;
    IF FOUND AND before.content = content THEN
        RETURN QUERY SELECT before.id, before.number, false;
        RETURN;
    ELSIF FOUND THEN
        RAISE EXCEPTION 'this document is posted with other content'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journals_document_key';
    ELSIF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'no account for %', lacking
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'entries_account_check', DETAIL = lacking;
    ELSIF day <= book.closed_through THEN
        RAISE EXCEPTION 'the books are closed through %', book.closed_through
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journals_day_check',
                DETAIL = to_char(book.closed_through, 'YYYY-MM-DD');
    ELSIF amounts IS NULL THEN
        RETURN QUERY SELECT NULL::uuid, NULL::bigint, false;
        RETURN;
    END IF;

    journal := uuidv7();
    number := book.number + 1;
    is_new := true;
    next_seal := shop.seal_of_journal(book.seal, number, day, posted_at, document_kind, document, reference, memo,
        reverses, actor, accounts, units, amounts);
    INSERT INTO shop.journals
        (id, number, day, posted_at, document_kind, document, reference, memo, reverses, actor, lines, content, seal)
    VALUES
        (journal, number, day, posted_at, document_kind, document, reference, memo, reverses, actor,
         cardinality(amounts), content, next_seal);
    INSERT INTO shop.entries (number, line, lines, account, unit, amount, day)
    SELECT number, e.line, cardinality(amounts), e.account, e.unit, e.amount, day
    FROM unnest(accounts, units, amounts) WITH ORDINALITY AS e (account, unit, amount, line);

    UPDATE shop.account_days AS d
    SET debit = d.debit + greatest(e.amount, 0), credit = d.credit + greatest(-e.amount, 0)
    FROM unnest(accounts, units, amounts) AS e (account, unit, amount)
    WHERE d.account = e.account AND d.unit = e.unit AND d.day = day;
    GET DIAGNOSTICS carried = ROW_COUNT;
    IF carried < cardinality(amounts) THEN
        INSERT INTO shop.account_days (account, unit, day, debit, credit)
        SELECT e.account, e.unit, day, coalesce(last.debit, 0) + greatest(e.amount, 0),
               coalesce(last.credit, 0) + greatest(-e.amount, 0)
        FROM unnest(accounts, units, amounts) AS e (account, unit, amount)
        LEFT JOIN LATERAL (
            SELECT d.debit, d.credit FROM shop.account_days AS d
            WHERE d.account = e.account AND d.unit = e.unit AND d.day < day ORDER BY d.day DESC LIMIT 1
        ) AS last ON true
        ON CONFLICT ON CONSTRAINT account_days_pkey DO NOTHING;
    END IF;
    IF day < book.last_day THEN
        UPDATE shop.account_days AS d
        SET debit = d.debit + greatest(e.amount, 0), credit = d.credit + greatest(-e.amount, 0)
        FROM unnest(accounts, units, amounts) AS e (account, unit, amount)
        WHERE d.account = e.account AND d.unit = e.unit AND d.day > day;
    END IF;
    UPDATE shop.books AS b SET
        number = number, seal = next_seal, last_day = greatest(b.last_day, day),
        units = CASE WHEN b.units @> units THEN b.units
            ELSE (SELECT array_agg(DISTINCT u.unit ORDER BY u.unit) FROM unnest(b.units || units) AS u (unit)) END;
    RETURN NEXT;
END $$
"""

# A journal is whole when it is committed: all its lines are there, on its day, in accounts of the shop, and each unit
# sums to zero. Later lines find no place: `lines` is part of their reference to the journal.
BALANCE = """
CREATE FUNCTION shop.check_journal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole boolean;
BEGIN
    SELECT coalesce(sum(unit.lines) = NEW.lines AND bool_and(unit.total = 0 AND unit.fits), false) INTO whole
    FROM (
        SELECT count(*) AS lines, sum(e.amount) AS total, bool_and(e.day = NEW.day AND a.id IS NOT NULL) AS fits
        FROM shop.entries AS e
        LEFT JOIN shop.accounts AS a ON a.tenant_id = e.tenant_id AND a.id = e.account
        WHERE e.tenant_id = NEW.tenant_id AND e.number = NEW.number GROUP BY e.unit
    ) AS unit;
    IF NOT whole THEN
        RAISE EXCEPTION 'journal % does not balance', NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journals_balance_check';
    END IF;
    RETURN NULL;
END $$
"""

FUNCTIONS = {
    "seal_of_journal(bytea, bigint, date, timestamptz, text, uuid, text, text, uuid, text, uuid[], text[], bigint[])": (
        SEAL
    ),
    "open_books()": OPEN,
    "post_journal(text, uuid, text, text, uuid, date, timestamptz, text[], text[], bigint[])": POST,
}


def upgrade() -> None:
    _chart()
    _journals()
    _turnover()
    _proofs()
    for signature, definition in FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"GRANT EXECUTE ON FUNCTION shop.{signature} TO goldsmith_app")
    op.execute(BALANCE)
    op.execute(
        "CREATE CONSTRAINT TRIGGER balance AFTER INSERT ON shop.journals DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION shop.check_journal()"
    )


def _chart() -> None:
    create_tenant_table(
        op,
        "accounts",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.text("true")),
        unique("code", name="accounts_code_key"),
        one_of("kind", "asset", "liability", "equity", "income", "expense", "metal", name="accounts_kind_check"),
        # No account is ever deleted: entries point at it for ever.
        rights="SELECT, INSERT, UPDATE",
    )
    create_tenant_table(
        op,
        "account_roles",
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("account", sa.Uuid, nullable=False),
        belongs_to("account", "accounts", name="account_roles_account_fkey"),
        key=("role",),
        rights="SELECT, INSERT, UPDATE",
    )


def _journals() -> None:
    create_tenant_table(
        op,
        "books",
        sa.Column("number", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("closed_through", sa.Date),
        sa.Column("units", ARRAY(sa.Text), nullable=False, server_default="{}"),
        key=(),
        rights=READ_ONLY,
    )
    # One row a shop, rewritten with every journal: room for that on its own page.
    op.execute("ALTER TABLE shop.books SET (fillfactor = 20)")
    create_tenant_table(
        op,
        "journals",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_kind", sa.Text, nullable=False),
        sa.Column("document", sa.Uuid, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("memo", sa.Text, nullable=False),
        sa.Column("reverses", sa.Uuid),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("lines", sa.SmallInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
        unique("document_kind", "document", name="journals_document_key"),
        unique("number", "lines", name="journals_number_lines_key"),
        unique("number", name="journals_number_key"),
        sa.CheckConstraint("lines >= 2", name="journals_lines_check"),
        belongs_to("reverses", "journals", name="journals_reverses_fkey"),
        # Only one journal undoes another.
        index("journals_reverses_key", "reverses", unique=True, postgresql_where=sa.text("reverses IS NOT NULL")),
        index("journals_by_day", "day", "number"),
        index("journals_by_kind", "document_kind", "day", "number"),
        index("journals_by_reference", "reference"),
        rights=READ_ONLY,
    )
    create_tenant_table(
        op,
        "entries",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("line", sa.SmallInteger, nullable=False),
        sa.Column("lines", sa.SmallInteger, nullable=False),
        sa.Column("account", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "number", "lines"],
            ["shop.journals.tenant_id", "shop.journals.number", "shop.journals.lines"],
            name="entries_journal_fkey",
        ),
        sa.CheckConstraint("line BETWEEN 1 AND lines", name="entries_line_check"),
        sa.CheckConstraint("amount <> 0", name="entries_amount_check"),
        index("entries_ledger", "account", "unit", "day", "number"),
        key=("number", "line"),
        rights=READ_ONLY,
    )
    for table in ("journals", "entries"):
        make_append_only(op, f"shop.{table}")


def _turnover() -> None:
    create_tenant_table(
        op,
        "account_days",
        sa.Column("account", sa.Uuid, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("debit", sa.BigInteger, nullable=False),
        sa.Column("credit", sa.BigInteger, nullable=False),
        belongs_to("account", "accounts", name="account_days_account_fkey"),
        key=("account", "unit", "day"),
        rights=READ_ONLY,
    )
    # Today's rows are rewritten with every journal: room for that on their page keeps the index out of it.
    op.execute("ALTER TABLE shop.account_days SET (fillfactor = 70)")


def _proofs() -> None:
    create_tenant_table(
        op,
        "book_proofs",
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("journals", sa.BigInteger, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        index("book_proofs_newest", "proved_at"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "book_findings",
        sa.Column("proof", sa.Uuid, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kept", sa.Text, nullable=False),
        sa.Column("counted", sa.Text, nullable=False),
        one_of("kind", "balance", "seal", "number", "document", name="book_findings_kind_check"),
        index("book_findings_of_proof", "proof"),
        rights=APPEND_ONLY,
    )


def downgrade() -> None:
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION shop.{signature}")
    for table in ("book_findings", "book_proofs", "account_days", "entries", "journals", "books"):
        op.execute(f"DROP TABLE shop.{table}")
    op.execute("DROP FUNCTION shop.check_journal()")
    for table in ("account_roles", "accounts"):
        op.execute(f"DROP TABLE shop.{table}")
