"""Prove the books, in parts that each take a moment: every balance against its entries, every seal in its chain,
every document against the journals."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.domain.proof import Finding, FindingKind, not_booked
from plugins.accounting.queries import proofs
from plugins.accounting.queries.past import told_since

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 10
JOURNALS_AT_ONCE = 5_000
DOCUMENTS_AT_ONCE = 200

#: What began before may still be under way, with an earlier moment than others that are done.
SETTLED_AFTER = timedelta(minutes=10)


def prove_accounts(uow: UnitOfWork, proof: UUID, after: UUID | None) -> UUID | None:
    """The accounts behind `after`. Answers where to go on; None when all were proved."""
    ids = proofs.accounts_after(uow, after, ACCOUNTS_AT_ONCE)
    for account in ids:
        _report(uow, proof, proofs.wrong_balances(uow, account))
    return ids[-1] if len(ids) == ACCOUNTS_AT_ONCE else None


def prove_journals(uow: UnitOfWork, proof: UUID, after: int) -> int:
    """The journals behind number `after`. Answers the last number that was proved."""
    last = min(after + JOURNALS_AT_ONCE, proofs.last_number(uow))
    if last > after:
        _report(uow, proof, proofs.missing_numbers(uow, after + 1, last))
        _report(uow, proof, proofs.broken_seals(uow, after + 1, last))
    return last


def prove_documents(uow: UnitOfWork, proof: UUID, places: Mapping[str, str]) -> Mapping[str, str] | None:
    """The documents behind `places`: is there a journal for each? Answers where to go on; None when all were looked at.

    A journal that was there can only be missed by its number, so the next proof goes on where this one came to.
    """
    told = told_since(uow, places, DOCUMENTS_AT_ONCE, until=uow.now - SETTLED_AFTER)
    if not told.events:
        return None
    _report(uow, proof, [not_booked(document) for document in proofs.documents_without_journal(uow, told.events)])
    return told.places


def finish_proof(uow: UnitOfWork, proof: UUID, journals: int, heard: Mapping[str, str]) -> None:
    _report(uow, proof, proofs.wrong_head(uow))
    # What is not booked is looked for again, every night until it is.
    store.add_proof(uow, proof, journals, {} if proofs.found(uow, proof, FindingKind.DOCUMENT) else heard)


def _report(uow: UnitOfWork, proof: UUID, findings: Sequence[Finding]) -> None:
    """A row for whoever reads the books, and a loud line for whoever runs the house."""
    store.add_findings(uow, proof, findings)
    for one in findings:
        log.critical(
            "the books do not prove: %s %s is kept as %s and counts as %s",
            one.kind, one.subject, one.kept or "nothing", one.counted or "nothing",
            extra={"tenant": str(uow.shop.id)},
        )  # fmt: skip
