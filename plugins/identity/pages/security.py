"""How one's own account is kept: its password, and what one has beside it."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _, language
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import enrol_app as enrolling
from plugins.identity.actions import passkeys as adding
from plugins.identity.actions import remove_factor as removing
from plugins.identity.actions.check_code import make_recovery_codes
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from plugins.identity.actions.passkeys import are_possible, ask_to_add
from plugins.identity.domain.factor import NoFactor
from plugins.identity.domain.letter import About
from plugins.identity.forms import AppForm, NewPasskeyForm
from plugins.identity.pages.drawn import qr_code
from plugins.identity.pages.own import PLATFORM, Unit, at_hand, beside, place, whose
from web.render import page
from web.routing import get, post, redirect

SECURITY = "/account/security"
APP = f"{SECURITY}/app"
KEYS = f"{SECURITY}/passkeys"
CODES = f"{SECURITY}/codes"


@get(f"{PLATFORM}{SECURITY}", platform=True, everyone=True)
@get(SECURITY, everyone=True, own=True)
def show_security(request: Request, uow: Unit, database: Database, site: Site) -> Response:
    with beside(database, uow) as work:
        factors = queries.factors(work, whose(uow))
        keys = queries.passkeys_of(work, whose(uow))
        required = is_required(uow) or queries.is_admin(work, whose(uow))
    return page(
        request,
        "identity/security.html",
        factors=factors,
        keys=keys,
        required=required,
        possible=are_possible(site),
        account=place(uow, "/account"),
    )


@get(f"{PLATFORM}{APP}", platform=True, everyone=True, sensitive=True)
@get(APP, everyone=True, own=True, sensitive=True)
def show_app(request: Request, uow: Unit, database: Database, safe: Safe) -> Response:
    with beside(database, uow) as work:
        offer = enrolling.offer_app(work, safe, whose(uow), request.state.draft.text("offer"))
        replaces = queries.factors(work, whose(uow)).app
    return page(
        request,
        "identity/app.html",
        offer=offer,
        drawn=qr_code(offer.address),
        replaces=replaces,
        back=place(uow, SECURITY),
        action=place(uow, APP),
    )


@post(f"{PLATFORM}{APP}", form=AppForm, platform=True, everyone=True, again=show_app, sensitive=True)
@post(APP, form=AppForm, everyone=True, own=True, again=show_app, sensitive=True)
def add_app(request: Request, uow: Unit, database: Database, safe: Safe, form: AppForm) -> Response:
    with beside(database, uow) as work:
        codes = enrolling.set_up_app(work, safe, whose(uow), form)
    uow.record("identity.add_app")
    if codes:
        return _show_codes(request, uow, codes)
    return redirect(place(uow, SECURITY), say=_("Your authenticator app is set up."))


@post(f"{PLATFORM}{APP}/removal", platform=True, everyone=True, again=show_security, sensitive=True)
@post(f"{APP}/removal", everyone=True, own=True, again=show_security, sensitive=True)
def remove_app(request: Request, uow: Unit, database: Database) -> Response:
    with beside(database, uow) as work:
        removing.remove_app(work, whose(uow), required=is_required(uow))
    uow.record("identity.remove_app")
    return redirect(place(uow, SECURITY), say=_("Your authenticator app is removed."))


@get(f"{PLATFORM}{KEYS}/new", platform=True, everyone=True, sensitive=True)
@get(f"{KEYS}/new", everyone=True, own=True, sensitive=True)
def show_new_passkey(request: Request, uow: Unit, database: Database, safe: Safe, site: Site) -> Response:
    with beside(database, uow) as work:
        session, _held = at_hand(request, work)
        question = ask_to_add(work, safe, site, whose(uow), session.id)
    return page(
        request, "identity/new_passkey.html", question=question, action=place(uow, KEYS), back=place(uow, SECURITY)
    )


@post(f"{PLATFORM}{KEYS}", form=NewPasskeyForm, platform=True, everyone=True, again=show_new_passkey, sensitive=True)
@post(KEYS, form=NewPasskeyForm, everyone=True, own=True, again=show_new_passkey, sensitive=True)
def add_passkey(
    request: Request, uow: Unit, database: Database, safe: Safe, site: Site, form: NewPasskeyForm
) -> Response:
    with beside(database, uow) as work:
        session, _held = at_hand(request, work)
        codes = adding.add_passkey(work, safe, site, whose(uow), session.id, form)
    uow.record("identity.add_passkey", name=form.name)
    if codes:
        return _show_codes(request, uow, codes)
    return redirect(place(uow, SECURITY), say=_("Your passkey is added."))


@post(f"{PLATFORM}{KEYS}/{{passkey}}/removal", platform=True, everyone=True, again=show_security, sensitive=True)
@post(f"{KEYS}/{{passkey}}/removal", everyone=True, own=True, again=show_security, sensitive=True)
def remove_passkey(request: Request, uow: Unit, database: Database, passkey: UUID) -> Response:
    with beside(database, uow) as work:
        adding.remove_passkey(work, whose(uow), passkey, required=is_required(uow))
    uow.record("identity.remove_passkey")
    return redirect(place(uow, SECURITY), say=_("The passkey is removed."))


@post(f"{PLATFORM}{CODES}", platform=True, everyone=True, again=show_security, sensitive=True)
@post(CODES, everyone=True, own=True, again=show_security, sensitive=True)
def make_codes(request: Request, uow: Unit, database: Database) -> Response:
    with beside(database, uow) as work:
        if not queries.factors(work, whose(uow)).any:
            raise NoFactor
        codes = make_recovery_codes(work, whose(uow))
        store.put_letter(work, whose(uow), About.CODES_MADE, language())
    uow.record("identity.make_codes")
    return _show_codes(request, uow, codes)


def is_required(uow: Unit) -> bool:
    """Does the shop want everybody to have a factor? The platform does by itself."""
    return isinstance(uow, PlatformWork) or bool(uow.setting(REQUIRE_SECOND_FACTOR))


def _show_codes(request: Request, uow: Unit, codes: list[str]) -> Response:
    # A page and no redirect: they are shown this once.
    return page(request, "identity/codes.html", codes=codes, on=place(uow, SECURITY))
