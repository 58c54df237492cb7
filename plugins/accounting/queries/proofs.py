"""Proving the books: what is kept against the sum of its entries, every seal against what it sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, text

from kernel.uow import UnitOfWork
from plugins.accounting.domain.journal import Document
from plugins.accounting.domain.proof import Finding, FindingKind
from plugins.accounting.domain.told import Told, document_of, entries_of
from plugins.accounting.queries.journals import days_of, journal, journal_of
from plugins.accounting.tables import accounts, book_findings, book_proofs, books
from plugins.pos.public import SaleVoided


def accounts_after(uow: UnitOfWork, id: UUID | None, limit: int) -> list[UUID]:
    """In the order of their ids."""
    wanted = select(accounts.c.id).order_by(accounts.c.id).limit(limit)
    return list(uow.execute(wanted.where(accounts.c.id > id) if id else wanted).scalars())


_BALANCES = text(
    """
    WITH counted AS (
        SELECT unit, day, sum(sum(greatest(amount, 0))) OVER past AS debit,
               sum(sum(greatest(-amount, 0))) OVER past AS credit
        FROM shop.entries WHERE account = :account GROUP BY unit, day
        WINDOW past AS (PARTITION BY unit ORDER BY day)
    ), kept AS (
        SELECT unit, day, debit, credit FROM shop.account_days WHERE account = :account
    )
    SELECT a.code, unit, day, kept.debit AS kept_debit, kept.credit AS kept_credit, counted.debit, counted.credit
    FROM counted FULL JOIN kept USING (unit, day) CROSS JOIN (SELECT code FROM shop.accounts WHERE id = :account) AS a
    WHERE (kept.debit, kept.credit) IS DISTINCT FROM (counted.debit, counted.credit)
    ORDER BY unit, day LIMIT :most
    """
)


def wrong_balances(uow: UnitOfWork, account: UUID, *, most: int = 100) -> list[Finding]:
    """Days of an account that do not hold what its entries sum to."""
    return [
        Finding(
            FindingKind.BALANCE,
            f"{row.code} {row.unit} {row.day.isoformat()}",
            _both(row.kept_debit, row.kept_credit),
            _both(row.debit, row.credit),
        )
        for row in uow.execute(_BALANCES, {"account": account, "most": most})
    ]


def _both(debit: int | None, credit: int | None) -> str:
    return "" if debit is None else f"{debit} − {credit}"


_SEALS = text(
    """
    SELECT number, encode(kept, 'hex') AS kept, encode(counted, 'hex') AS counted
    FROM (
        SELECT j.number, j.seal AS kept, shop.seal_of_journal(
            coalesce(lag(j.seal) OVER (ORDER BY j.number), sha256(convert_to(app.tenant()::text, 'UTF8'))),
            j.number, j.day, j.posted_at, j.document_kind, j.document, j.reference, j.memo, j.reverses, j.actor,
            e.accounts, e.units, e.amounts) AS counted
        FROM shop.journals AS j
        CROSS JOIN LATERAL (
            SELECT array_agg(account ORDER BY line) AS accounts, array_agg(unit ORDER BY line) AS units,
                   array_agg(amount ORDER BY line) AS amounts
            FROM shop.entries WHERE entries.number = j.number
        ) AS e
        WHERE j.number BETWEEN :first - 1 AND :last
    ) AS chain
    WHERE number >= :first AND kept IS DISTINCT FROM counted
    ORDER BY number LIMIT :most
    """
)


def broken_seals(uow: UnitOfWork, first: int, last: int, *, most: int = 100) -> list[Finding]:
    """Journals from `first` to `last` that are not what was sealed, or do not follow the one before."""
    rows = uow.execute(_SEALS, {"first": first, "last": last, "most": most})
    return [Finding(FindingKind.SEAL, str(row.number), row.kept, row.counted or "") for row in rows]


_NUMBERS = text(
    """
    SELECT missing.number FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS missing (number)
    WHERE NOT EXISTS (SELECT FROM shop.journals AS j WHERE j.number = missing.number) ORDER BY 1 LIMIT :most
    """
)


def missing_numbers(uow: UnitOfWork, first: int, last: int, *, most: int = 100) -> list[Finding]:
    """Numbers that no journal has."""
    rows = uow.execute(_NUMBERS, {"first": first, "last": last, "most": most})
    return [Finding(FindingKind.NUMBER, str(row.number)) for row in rows]


_HEAD = text(
    """
    SELECT b.number AS kept, coalesce(max(j.number), 0) AS counted,
           b.number = 0 OR bool_or(j.number = b.number AND j.seal = b.seal) AS fits
    FROM shop.books AS b
    LEFT JOIN LATERAL (SELECT number, seal FROM shop.journals ORDER BY number DESC LIMIT 1) AS j ON true
    GROUP BY b.number
    """
)


def wrong_head(uow: UnitOfWork) -> list[Finding]:
    """Does the last journal have the number and the seal that the next one will follow?"""
    row = uow.execute(_HEAD).one_or_none()
    if row is None or (row.fits and row.kept == row.counted):
        return []
    return [Finding(FindingKind.NUMBER, str(row.kept), str(row.kept), str(row.counted))]


def documents_without_journal(uow: UnitOfWork, events: Sequence[Told]) -> list[Document]:
    """Documents that should be booked and are not. What moved nothing of worth needs no journal."""
    documents = [document_of(event) for event in events if isinstance(event, SaleVoided) or entries_of(event)]
    booked = days_of(uow, documents)
    return [one for one in documents if (one.kind, one.id) not in booked and not _is_undone(uow, one)]


def _is_undone(uow: UnitOfWork, document: Document) -> bool:
    """A bookkeeper may have turned a voided sale's journal round by hand before."""
    if document.kind != "void":
        return False
    sold = journal_of(uow, "sale", document.id)
    return sold is None or journal(uow, sold).reversed_by is not None


def last_number(uow: UnitOfWork) -> int:
    return uow.execute(select(books.c.number)).scalar_one_or_none() or 0


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was made: when, over how many journals, and how much it found."""

    id: UUID
    proved_at: datetime
    journals: int
    findings: int
    heard: Mapping[str, str]


def last_proof(uow: UnitOfWork) -> Proof | None:
    row = uow.execute(select(book_proofs).order_by(book_proofs.c.proved_at.desc()).limit(1)).one_or_none()
    return Proof(row.id, row.proved_at, row.journals, row.findings, row.heard) if row else None


def found(uow: UnitOfWork, proof: UUID, kind: FindingKind) -> bool:
    """Did this proof find something of this kind?"""
    wanted = (book_findings.c.proof == proof) & (book_findings.c.kind == kind.value)
    return bool(uow.execute(select(exists().where(wanted))).scalar_one())


def findings(uow: UnitOfWork, proof: UUID, *, most: int = 200) -> list[Finding]:
    rows = uow.execute(
        select(book_findings).where(book_findings.c.proof == proof).order_by(book_findings.c.id).limit(most)
    )
    return [Finding(FindingKind(row.kind), row.subject, row.kept, row.counted) for row in rows]


def documents_not_booked(uow: UnitOfWork, *, most: int = 50) -> list[Finding]:
    """What catching up could not post, the newest first."""
    wanted = select(book_findings).where(
        book_findings.c.kind == FindingKind.DOCUMENT.value,
        book_findings.c.proof.not_in(select(book_proofs.c.id)),
    )
    rows = uow.execute(wanted.order_by(book_findings.c.id.desc()).limit(most))
    return [Finding(FindingKind(row.kind), row.subject, row.kept, row.counted) for row in rows]
