"""The nightly proof: when the books were last proved, and what did not fit."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.accounting.domain.proof import FindingKind
from plugins.accounting.jobs import prove_books
from plugins.accounting.permissions import SEE_BOOKS
from plugins.accounting.queries import proofs
from web.render import page
from web.routing import get, post, redirect

KINDS = {
    FindingKind.BALANCE: N_("A balance is not the sum of its entries"),
    FindingKind.SEAL: N_("A journal is not what was sealed"),
    FindingKind.NUMBER: N_("A journal is missing"),
}


@get("/books/proof", permission=SEE_BOOKS)
def show_proof(request: Request, uow: UnitOfWork) -> Response:
    proof = proofs.last_proof(uow)
    found = proofs.findings(uow, proof.id) if proof else []
    return page(
        request,
        "accounting/proof.html",
        proof=proof,
        findings=[(_(KINDS[one.kind]), one.subject, one.kept, one.counted) for one in found],
        not_booked=[(one.subject, one.counted) for one in proofs.documents_not_booked(uow)],
    )


@post("/books/proof", permission=SEE_BOOKS)
def prove_now(request: Request, uow: UnitOfWork) -> Response:
    uow.enqueue(prove_books)
    return redirect("/books/proof", say=_("The books are being proved. Come back in a moment."))
