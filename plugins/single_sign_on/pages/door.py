"""Coming in by the shop's own provider."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kernel.errors import GoldsmithError
from kernel.i18n import _
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database
from plugins.identity import public as identity
from plugins.single_sign_on.actions.ask import ask
from plugins.single_sign_on.actions.enter import Back, come_back
from plugins.single_sign_on.actions.gate import DOOR, Gate
from plugins.single_sign_on.domain import AWAY, NoProvider, NotAskedAnew, Purpose
from plugins.single_sign_on.forms import AnswerQuery, GoQuery, WhichShopForm
from plugins.single_sign_on.ports import Providers
from web.cookies import carry_session, device, held_session, holder, peer
from web.house import House
from web.proof import ADDRESS, NotByProvidersWord, is_proved
from web.render import page
from web.routing import get, is_ours, post, redirect

ACCOUNT = "/account/single-sign-on"


@get("/sign-in", public=True)
def ask_for_shop(request: Request) -> Response:
    return page(request, "single_sign_on/which_shop.html")


@post("/sign-in", form=WhichShopForm, public=True, again=ask_for_shop)
def go_to_shop(request: Request, form: WhichShopForm) -> Response:
    return redirect(f"/sign-in/{form.shop}")


@get("/sign-in/{slug}", public=True)
def show_gate(
    request: Request,
    database: Database,
    slug: str,
    providers: Providers,
    limits: identity.Limits,
    safe: Safe,
    site: Site,
) -> Response:
    gate = Gate(database, providers, limits, safe, site)
    try:
        with database.for_shop(gate.shop(slug), DOOR, read_only=True) as uow:
            provider = gate.provider(uow)
    except NoProvider as none:
        return page(request, "single_sign_on/refused.html", status=404, slug="", sentence=str(none), on="/")
    on = request.query_params.get("next", "/")
    return page(request, "single_sign_on/gate.html", shop=uow.shop, provider=provider, next=on)


# A link and no form: browsers follow no form of ours to another site.
@get("/sign-in/{slug}/go", query=GoQuery, public=True)
def go(
    request: Request,
    database: Database,
    slug: str,
    query: GoQuery,
    providers: Providers,
    limits: identity.Limits,
    safe: Safe,
    site: Site,
) -> Response:
    gate, purpose, person = Gate(database, providers, limits, safe, site), Purpose(query.purpose), holder(request)
    if not _is_from_here(request):
        return redirect(f"/sign-in/{quote(slug)}")
    if purpose is Purpose.LINK and person is not None and not is_proved(person, database.clock.now()):
        # From then on the account at the provider opens theirs: nobody links one at a till that was left alone.
        if person.confined:
            return _refused(request, slug, NotByProvidersWord())
        return redirect(f"{ADDRESS}?next={ACCOUNT}")
    on = query.next if is_ours(query.next) else "/"
    try:
        away = ask(gate, slug, peer(request), purpose, person, on)
    except GoldsmithError as refusal:
        return _refused(request, slug, refusal)
    response = RedirectResponse(away.address, status_code=303)
    house: House = request.app.state.house
    # Lax: the browser comes back from another site, and brings it along.
    response.set_cookie(
        _cookie(house), away.carried, int(AWAY.total_seconds()), secure=house.production, httponly=True, samesite="lax"
    )
    return response


@get("/sign-in/{slug}/answer", query=AnswerQuery, public=True)
def answer(
    request: Request,
    database: Database,
    slug: str,
    query: AnswerQuery,
    providers: Providers,
    limits: identity.Limits,
    safe: Safe,
    site: Site,
    cache: identity.SessionCache,
) -> Response:
    gate = Gate(database, providers, limits, safe, site)
    house: House = request.app.state.house
    held = held_session(request)
    visitor = identity.Visitor(peer(request), device(request), identity.Token(held) if held else None)
    try:
        back = come_back(gate, slug, request.cookies.get(_cookie(house)), query, visitor, holder(request))
        if visitor.token and back.token:
            identity.forget(cache, visitor.token)
        response = _arrived(request, slug, back)
    except NotAskedAnew as refusal:
        response = redirect(f"{ADDRESS}?next={quote(refusal.on, safe='/')}", say=str(refusal))
    except GoldsmithError as refusal:
        response = _refused(request, slug, refusal)
    response.delete_cookie(_cookie(house), secure=house.production, httponly=True, samesite="lax")
    return response


def _arrived(request: Request, slug: str, back: Back) -> Response:
    match back.purpose:
        case Purpose.TRY:
            return page(request, "single_sign_on/tried.html", slug=slug, vouched=back.vouched)
        case Purpose.LINK:
            return redirect(ACCOUNT, say=_("From now on you can sign in by the shop’s provider, too."))
    assert back.token is not None
    # Pages of the platform are for nobody who comes this way.
    on = back.on if is_ours(back.on) and not back.on.startswith("/platform/") else "/"
    return carry_session(request, redirect(on), back.token.secret, identity.LONGEST)


def _refused(request: Request, slug: str, refusal: GoldsmithError) -> Response:
    return page(
        request, "single_sign_on/refused.html", status=refusal.status, slug=slug, sentence=str(refusal), on=ACCOUNT
    )


def _is_from_here(request: Request) -> bool:
    """Another site must not sign its visitors in as somebody of its own, nor link them to that: they click here."""
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _cookie(house: House) -> str:
    return "__Host-sign-in" if house.production else "sign-in"
