"""What is done with the books later: proving them every night, and catching up with what happened before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kernel.i18n import N_
from kernel.ids import new_id
from kernel.jobs import Step, job
from kernel.uow import UnitOfWork
from plugins.accounting.actions.catch_up import catch_up
from plugins.accounting.actions.prove import finish_proof, prove_accounts, prove_documents, prove_journals
from plugins.accounting.queries import proofs
from plugins.accounting.queries.past import told_since

#: At once, in one transaction: short enough that a till waits at most a moment for the last number.
DOCUMENTS_AT_ONCE = 50


@job("accounting.prove", title=N_("Proving the books"), queue="low")
def prove_books(
    uow: UnitOfWork,
    proof: str | None = None,
    account: str | None = None,
    number: int | None = None,
    places: Mapping[str, str] | None = None,
) -> Step | None:
    """First every balance against its entries, account by account; then the chain of journals, part by part; then
    whether every document has its journal."""
    id = UUID(proof) if proof else new_id()
    total = proofs.last_number(uow)
    if number is None:
        after = prove_accounts(uow, id, UUID(account) if account else None)
        on = {"account": str(after)} if after else {"number": 0}
        return Step(0, total, {"proof": str(id), **on})
    if places is None:
        number = prove_journals(uow, id, number)
        if number < proofs.last_number(uow):
            return Step(number, total, {"proof": str(id), "number": number})
        last = proofs.last_proof(uow)
        places = last.heard if last else {}
    following = prove_documents(uow, id, places)
    if following is not None:
        return Step(number, total, {"proof": str(id), "number": number, "places": following})
    finish_proof(uow, id, number, places)
    return None


@job("accounting.catch_up", title=N_("Posting what happened before the books were opened"), queue="low")
def post_earlier(
    uow: UnitOfWork, run: str | None = None, places: Mapping[str, str] | None = None, since: str | None = None
) -> Step | None:
    """All that the publishers can tell again, the oldest first; progress is counted in days."""
    id = UUID(run) if run else new_id()
    told = told_since(uow, places or {}, DOCUMENTS_AT_ONCE)
    if not told.events:
        return None
    catch_up(uow, told.events, id)
    begun = datetime.fromisoformat(since) if since else told.first
    return Step(
        (told.last - begun).days,
        (uow.now - begun).days,
        {"run": str(id), "places": told.places, "since": begun.isoformat()},
    )
