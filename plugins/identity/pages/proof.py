"""Before what is sensitive: show once more that it is you."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database
from plugins.identity import queries
from plugins.identity.actions import tell
from plugins.identity.actions.passkeys import ask_for
from plugins.identity.actions.prove import prove as show_who
from plugins.identity.actions.recognise import forget
from plugins.identity.domain.factor import WrongCode, WrongPassword
from plugins.identity.domain.passkey import PasskeyRefused, Purpose
from plugins.identity.forms import ProofForm
from plugins.identity.pages.carried import carry
from plugins.identity.pages.own import PLATFORM, Unit, at_hand, beside, home, place, whose
from plugins.identity.ports import Limits, SessionCache
from web.proof import ADDRESS, NotByProvidersWord
from web.render import page
from web.routing import get, is_ours, post, redirect


@get(f"{PLATFORM}{ADDRESS}", platform=True, everyone=True)
@get(ADDRESS, everyone=True, own=True, impersonating=True)
def show_proof(request: Request, uow: Unit, database: Database, safe: Safe, site: Site) -> Response:
    with beside(database, uow) as work:
        session, _held = at_hand(request, work)
        factors, keys = queries.factors(work, whose(uow)), queries.passkeys_of(work, whose(uow))
        asked = keys and not session.confined
        question = ask_for(safe, site, work.now, Purpose.PROVE, session.id, keys) if asked else None
    wanted = request.query_params.get("next", home(uow))
    # Who came in by the shop's provider goes there once more, and tries nothing here that opens other shops.
    vouchers = request.state.view.added("account.prove", wanted=wanted) if session.confined else ()
    return page(
        request,
        "identity/prove.html",
        factors=factors,
        question=question,
        next=wanted,
        action=place(uow, ADDRESS),
        vouchers=vouchers,
        confined=session.confined,
    )


@post(f"{PLATFORM}{ADDRESS}", form=ProofForm, platform=True, everyone=True, again=show_proof)
@post(ADDRESS, form=ProofForm, everyone=True, own=True, impersonating=True, again=show_proof)
def prove(
    request: Request,
    uow: Unit,
    database: Database,
    limits: Limits,
    safe: Safe,
    site: Site,
    cache: SessionCache,
    form: ProofForm,
) -> Response:
    with beside(database, uow) as work:
        session, held = at_hand(request, work)
        if session.confined:
            raise NotByProvidersWord
        try:
            token = show_who(work, limits, safe, site, session, held, form)
        except (WrongCode, WrongPassword, PasskeyRefused):
            tell.refused_proof(database, session)
            raise
    forget(cache, held)
    uow.record("identity.prove")
    return carry(request, redirect(form.next if is_ours(form.next) else home(uow)), token)
