"""Writing the books. What is posted goes through the database's own functions; the chart is plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from psycopg.errors import IntegrityError, NumericValueOutOfRange
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.accounting.domain.chart import Account, Planned
from plugins.accounting.domain.errors import (
    AmountTooLarge,
    CodeTaken,
    DayClosed,
    MovesNothing,
    NoAccountFor,
    PostedDifferently,
)
from plugins.accounting.domain.journal import Posted, Posting
from plugins.accounting.domain.proof import Finding
from plugins.accounting.tables import account_roles, accounts, book_findings, book_proofs

# Three texts instead of three arrays: psycopg writes an array in Python, which costs more than checking the journal.
_POST = (
    "SELECT journal, number, is_new FROM shop.post_journal(%(kind)s, %(document)s, %(reference)s, %(memo)s, "
    "%(reverses)s, %(day)s, %(at)s, string_to_array(%(places)s, E'\\n'), string_to_array(%(units)s, ' '), "
    "string_to_array(%(amounts)s, ' ')::bigint[])"
)


def post(uow: UnitOfWork, posting: Posting) -> Posted | None:
    """One round trip. None where the shop has no books yet; every other refusal is an error."""
    document, entries = posting.document, posting.entries
    with _refusals(posting):
        rows = uow.ask(
            _POST,
            {
                "kind": document.kind,
                "document": document.id,
                "reference": document.reference,
                "memo": posting.memo,
                "reverses": posting.reverses,
                "day": posting.day,
                "at": uow.now,
                "places": "\n".join([entry.place for entry in entries]),
                "units": " ".join([entry.unit for entry in entries]),
                "amounts": " ".join([str(entry.amount) for entry in entries]),
            },
        )
    if not rows:
        return None
    if rows[0].journal is None:
        raise MovesNothing
    return Posted(*rows[0])


@contextmanager
def _refusals(posting: Posting) -> Iterator[None]:
    try:
        yield
    except NumericValueOutOfRange as refused:
        raise AmountTooLarge from refused
    except IntegrityError as refused:
        match refused.diag.constraint_name:
            case "journals_document_key" | "journals_reverses_key":
                raise PostedDifferently from refused
            case "journals_day_check":
                raise DayClosed(posting.day) from refused
            case "entries_account_check":
                raise NoAccountFor(refused.diag.message_detail or "") from refused
        raise


def open_books(uow: UnitOfWork) -> bool:
    """Answers False where they are open already."""
    opened: bool = uow.execute(select(func.shop.open_books())).scalar_one()
    return opened


def lay_down(uow: UnitOfWork, chart: Sequence[Planned]) -> None:
    """The accounts of a template and the parts they play; whatever the shop has already stays as it is."""
    rows = [{"id": new_id(), "code": one.code, "name": one.name, "kind": one.kind} for one in chart]
    uow.execute(upsert(accounts).values(rows).on_conflict_do_nothing(constraint="accounts_code_key"))
    there = {row.code: row.id for row in uow.execute(select(accounts.c.code, accounts.c.id))}
    roles = [{"role": role, "account": there[one.code]} for one in chart for role in one.roles]
    uow.execute(upsert(account_roles).values(roles).on_conflict_do_nothing(constraint="account_roles_pkey"))


def add_account(uow: UnitOfWork, account: Account) -> None:
    with refusing("accounts_code_key", lambda: CodeTaken(account.code)):
        uow.execute(insert(accounts).values(id=account.id, **_columns(account)))


def change_account(uow: UnitOfWork, account: Account) -> None:
    with refusing("accounts_code_key", lambda: CodeTaken(account.code)):
        uow.execute(update(accounts).where(accounts.c.id == account.id).values(**_columns(account)))


def _columns(account: Account) -> dict[str, object]:
    return {"code": account.code, "name": account.name, "kind": account.kind, "is_active": account.is_active}


def play(uow: UnitOfWork, role: str, account: UUID) -> None:
    """From now on the account plays this part."""
    played = upsert(account_roles).values(role=role, account=account)
    uow.execute(played.on_conflict_do_update(constraint="account_roles_pkey", set_={"account": account}))


def add_findings(uow: UnitOfWork, proof: UUID, findings: Sequence[Finding]) -> None:
    if findings:
        uow.execute(
            insert(book_findings),
            [
                {
                    "id": new_id(),
                    "proof": proof,
                    "found_at": uow.now,
                    "kind": one.kind,
                    "subject": one.subject,
                    "kept": one.kept,
                    "counted": one.counted,
                }
                for one in findings
            ],
        )


def add_proof(uow: UnitOfWork, proof: UUID, journals: int, heard: Mapping[str, str]) -> None:
    """The proof is over: every account and `journals` journals were looked at, and every document up to `heard`."""
    found = select(func.count()).where(book_findings.c.proof == proof).scalar_subquery()
    row = {"id": proof, "proved_at": uow.now, "journals": journals, "findings": found, "heard": dict(heard)}
    uow.execute(insert(book_proofs).values(row))
