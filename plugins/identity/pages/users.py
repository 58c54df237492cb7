"""Who works in the shop."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.identity import queries
from plugins.identity.actions import change_user as changing
from plugins.identity.actions import let_go as leaving
from plugins.identity.actions.end_sessions import end_theirs_here
from plugins.identity.domain.user import SHOP_ROLES, User
from plugins.identity.forms import UserForm
from plugins.identity.pages.reach import in_words, places_of, reach
from plugins.identity.pages.tabs import tabs
from plugins.identity.permissions import EDIT_USERS, SEE_USERS
from web.listing import Listing
from web.render import LANGUAGES, formats, page
from web.routing import get, post, redirect
from web.slots import added_at
from web.spreadsheet import spreadsheet

STATES = {"active": N_("Active"), "left": N_("Left")}


@get("/users", permission=SEE_USERS)
def list_users(request: Request, uow: UnitOfWork) -> Response:
    listing = _listing(request, uow)
    found, places = _found(uow, listing), places_of(uow)
    return page(
        request,
        "identity/users.html",
        block="list",
        listing=listing.counted(len(found)),
        users=[(user, in_words(user.branches, places)) for user in _page_of(found, listing)],
        several=len(places) > 1,
        roles=_roles(),
        states=[(state, _(title)) for state, title in STATES.items()],
        may_edit=uow.actor.may(EDIT_USERS.name),
        tabs=tabs(uow, "/users"),
    )


@get("/users/export", permission=SEE_USERS)
def export_users(request: Request, uow: UnitOfWork) -> Response:
    show = formats(request).plain
    headings = (_("Name"), _("E-mail"), _("Role"), _("Branches"), _("State"), _("Left on"))
    places = places_of(uow)
    rows = (
        (
            user.name,
            user.email,
            user.role.words,
            in_words(user.branches, places),
            _(STATES[user.state]),
            show.date(user.departure.at) if user.departure else "",
        )
        for user in _found(uow, _listing(request, uow))
    )
    return spreadsheet("people", headings, rows)


def _page_of(found: list[User], listing: Listing) -> list[User]:
    return found[listing.offset : listing.offset + listing.limit]


def _listing(request: Request, uow: UnitOfWork) -> Listing:
    return Listing.of(request, uow, sorts=("name", "role"), filters=("text", "role", "state"))


def _found(uow: UnitOfWork, listing: Listing) -> list[User]:
    """A plan allows a hundred people at most: they are read as one, and looked through here."""
    asked = listing.filter
    found = [user for user in queries.all_users(uow) if user.fits(asked("text"), asked("role"), asked("state"))]
    if listing.sort == "role":
        found.sort(key=lambda user: SHOP_ROLES.index(user.role))
    return found[::-1] if listing.descending else found


@get("/users/{user}", permission=SEE_USERS)
def show_user(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    found = queries.user(uow, user)
    may_edit = uow.actor.may(EDIT_USERS.name)
    added = added_at(request, uow, "identity.user", user=user)
    return page(
        request,
        "identity/user.html",
        user=found,
        roles=_roles(),
        languages=LANGUAGES,
        tabs=_tabs_of(uow, user, ""),
        may_edit=may_edit,
        me=uow.actor.id,
        reach=reach(uow, found.branches),
        added=added,
    )


@get("/users/{user}/activity", permission=EDIT_USERS)
def show_activity(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    found = queries.user(uow, user)
    return page(
        request,
        "identity/activity.html",
        user=found,
        tabs=_tabs_of(uow, user, "/activity"),
        presence=queries.presence(uow, user),
        added=added_at(request, uow, "identity.user_activity", user=user),
    )


@post("/users/{user}/sessions/end", permission=EDIT_USERS, again=show_activity, impersonating=False)
def end_sessions_of_user(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    end_theirs_here(uow, user)
    return redirect(f"/users/{user}/activity", say=_("They are signed out of this shop everywhere."))


@post("/users/{user}", form=UserForm, permission=EDIT_USERS, again=show_user, impersonating=False, sensitive=True)
def change_user(request: Request, uow: UnitOfWork, user: UUID, form: UserForm) -> Response:
    changing.change_user(uow, user, form)
    return redirect("/users", say=_("Saved."))


@post("/users/{user}/departure", permission=EDIT_USERS, again=show_user, impersonating=False, sensitive=True)
def let_go(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    leaving.let_go(uow, user)
    return redirect("/users", say=_("They cannot sign in to this shop any more."))


@post("/users/{user}/return", permission=EDIT_USERS, again=show_user, impersonating=False, sensitive=True)
def take_back(request: Request, uow: UnitOfWork, user: UUID) -> Response:
    leaving.take_back(uow, user)
    return redirect("/users", say=_("They can sign in to this shop again."))


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role.words) for role in SHOP_ROLES]


def _tabs_of(uow: UnitOfWork, user: UUID, here: str) -> list[tuple[str, str, bool]]:
    """The pages about one person, for who may open them both."""
    both = {"": _("Person"), "/activity": _("Activity")} if uow.actor.may(EDIT_USERS.name) else {}
    return [(words, f"/users/{user}{page}", page == here) for page, words in both.items()]
