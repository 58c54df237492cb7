"""The nightly proof: when the books were last proved, and what did not fit."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.accounting.domain.proof import Finding, FindingKind, document_in
from plugins.accounting.jobs import prove_books
from plugins.accounting.pages.shown import document_address, document_title
from plugins.accounting.permissions import SEE_BOOKS
from plugins.accounting.queries import proofs
from web.render import page
from web.routing import get, post, redirect

KINDS = {
    FindingKind.BALANCE: N_("A balance is not the sum of its entries"),
    FindingKind.SEAL: N_("A journal is not what was sealed"),
    FindingKind.NUMBER: N_("A journal is missing"),
    FindingKind.DOCUMENT: N_("A document has no journal"),
}


@get("/books/proof", permission=SEE_BOOKS)
def show_proof(request: Request, uow: UnitOfWork) -> Response:
    proof = proofs.last_proof(uow)
    found = proofs.findings(uow, proof.id) if proof else []
    return page(
        request,
        "accounting/proof.html",
        proof=proof,
        findings=[(_(KINDS[one.kind]), *_subject(uow, one), one.kept, one.counted) for one in found],
        not_booked=[(*_subject(uow, one), one.counted) for one in proofs.documents_not_booked(uow)],
    )


def _subject(uow: UnitOfWork, found: Finding) -> tuple[str, str]:
    """What a finding is about, and where that can be opened."""
    if found.kind is not FindingKind.DOCUMENT:
        return found.subject, ""
    document = document_in(found)
    # A void is known by its sale, and its sale perhaps not to the books.
    document = replace(document, reference=document.reference or str(document.id))
    return document_title(document), document_address(uow, document)


@post("/books/proof", permission=SEE_BOOKS)
def prove_now(request: Request, uow: UnitOfWork) -> Response:
    begun = uow.begin_work(prove_books, result="/books/proof", total=proofs.last_number(uow))
    return redirect(f"/tasks/{begun}")
