"""Asking somebody to work in the shop; and, for whoever is asked, the page behind the link in the letter."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.access import SignedIn
from kernel.errors import NotSignedIn
from kernel.i18n import _
from kernel.site import Site
from kernel.uow import Database, UnitOfWork
from plugins.identity import queries
from plugins.identity.actions import invite as inviting
from plugins.identity.actions.accept import Asked, accept_as, accept_as_new, check_theirs, look_up
from plugins.identity.actions.switch_shop import switch_shop
from plugins.identity.domain.invitation import AlreadyAccepted
from plugins.identity.domain.session import ByProviderAlone, NoSuchPlace, Token
from plugins.identity.domain.user import SHOP_ROLES
from plugins.identity.forms import AcceptanceForm, InvitationForm
from plugins.identity.pages.carried import carry, held, remember, visitor
from plugins.identity.pages.door import onward, to_provider
from plugins.identity.pages.reach import reach
from plugins.identity.pages.tabs import tabs
from plugins.identity.permissions import EDIT_USERS
from plugins.identity.ports import SessionCache
from web.cookies import holder
from web.frame import LANGUAGE_COOKIE
from web.render import LANGUAGES, View, page
from web.routing import get, post, redirect


@get("/users/new", permission=EDIT_USERS)
def new_invitation(request: Request, uow: UnitOfWork, site: Site) -> Response:
    roles = [(role.value, role.words) for role in SHOP_ROLES]
    return page(
        request,
        "identity/new_invitation.html",
        roles=roles,
        languages=LANGUAGES,
        mail=site.sends_mail,
        reach=reach(uow, uow.actor.branches),
    )


@get("/users/invitations", permission=EDIT_USERS)
def list_invitations(request: Request, uow: UnitOfWork) -> Response:
    waiting = queries.open_invitations(uow)
    return page(request, "identity/invitations.html", invitations=waiting, tabs=tabs(uow, "/users/invitations"))


@post(
    "/users/invitations",
    form=InvitationForm,
    permission=EDIT_USERS,
    again=new_invitation,
    impersonating=False,
    sensitive=True,
)
def invite_person(request: Request, uow: UnitOfWork, form: InvitationForm) -> Response:
    invitation = inviting.invite(uow, form)
    said = _("A letter to {email} is on its way.").format(email=invitation.email)
    return redirect("/users/invitations", say=said)


@post(
    "/users/invitations/{invitation}/letter",
    permission=EDIT_USERS,
    again=list_invitations,
    impersonating=False,
    sensitive=True,
)
def invite_again(request: Request, uow: UnitOfWork, invitation: UUID) -> Response:
    asked = inviting.invite_again(uow, invitation)
    said = _("Another letter to {email} is on its way; the link in the one before is dead.").format(email=asked.email)
    return redirect("/users/invitations", say=said)


@post("/users/invitations/{invitation}/withdrawal", permission=EDIT_USERS, again=list_invitations, impersonating=False)
def withdraw_invitation(request: Request, uow: UnitOfWork, invitation: UUID) -> Response:
    inviting.withdraw(uow, invitation)
    return redirect("/users/invitations", say=_("The invitation is withdrawn."))


# Behind the letter's link


@get("/invitations/{shop}/{token}", public=True)
def show_invitation(request: Request, database: Database, shop: UUID, token: str) -> Response:
    asked = look_up(database, shop, Token(token))
    signed_in = holder(request)
    if signed_in is not None:
        check_theirs(asked, signed_in)
    kind = "join" if signed_in else "sign_in" if asked.has_to_sign_in else "new"
    # Not the path that was asked for: it shows the page again when a password is refused, from an address below.
    here = f"/invitations/{shop}/{token}"
    spoken = _spoken(request, asked, signed_in)
    request.state.view = replace(request.state.view, language=spoken)
    response = page(request, "identity/invitation.html", asked=asked, kind=kind, here=here)
    if LANGUAGE_COOKIE not in request.cookies:
        remember(response, LANGUAGE_COOKIE, spoken)  # what comes next, such as a refusal, speaks it too
    return response


@post("/invitations/{shop}/{token}/account", form=AcceptanceForm, public=True, again=show_invitation)
def accept_with_new_account(
    request: Request, database: Database, form: AcceptanceForm, shop: UUID, token: str
) -> Response:
    try:
        entered = accept_as_new(database, shop, Token(token), form, visitor(request))
    except AlreadyAccepted:
        return _accepted_before()
    except ByProviderAlone as away:
        return to_provider(away)
    return carry(request, redirect(onward(entered), say=_("Welcome!")), entered.token)


@post("/invitations/{shop}/{token}", public=True, again=show_invitation)
def accept_invitation(request: Request, database: Database, cache: SessionCache, shop: UUID, token: str) -> Response:
    """By whoever is signed in already: one click, and they are in the other shop."""
    here, signed_in = held(request), holder(request)
    try:
        if here is None or signed_in is None:
            look_up(database, shop, Token(token))
            raise NotSignedIn
        joined = accept_as(database, shop, Token(token), signed_in)
    except AlreadyAccepted:
        return _accepted_before()
    try:
        entered = switch_shop(database, cache, here, joined.id)
    except ByProviderAlone as away:
        return to_provider(away)
    except NoSuchPlace:
        # The provider of the shop they are in vouches for them there, and nowhere else.
        said = _("You work in {shop}, too, from now on. To go there, sign in with what is your own.")
        return redirect("/", say=said.format(shop=joined.name))
    return carry(request, redirect(onward(entered), say=_("Welcome!")), entered.token)


def _accepted_before() -> Response:
    """A second click, mostly: whoever came in with the first one goes on, anybody else is asked to sign in."""
    return redirect("/", say=_("The invitation is accepted."))


def _spoken(request: Request, asked: Asked, person: SignedIn | None) -> str:
    """The invitation's language, unless they chose one themselves."""
    view: View = request.state.view
    if LANGUAGE_COOKIE in request.cookies:
        return view.language
    return (person.language if person else None) or asked.invitation.language or asked.shop.language
