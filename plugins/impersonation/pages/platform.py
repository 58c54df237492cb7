"""On the platform: who acted as whom, and where it begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Scope, Slot
from kernel.i18n import N_, _
from kernel.tenancy import Shop, TenantId
from kernel.uow import Database, PlatformWork
from plugins.identity import public as identity
from plugins.impersonation import queries
from plugins.impersonation.actions import begin as beginning
from plugins.impersonation.domain import MINUTES
from plugins.impersonation.forms import BeginForm
from plugins.impersonation.permissions import ACT_FOR_USERS
from web.cookies import carry_session, device, held_session, peer
from web.listing import Listing
from web.render import formats, page
from web.routing import get, post, redirect

STATES = {"open": N_("Under way"), "over": N_("Over")}


@get("/platform/impersonations", platform=True, permission=ACT_FOR_USERS)
def list_impersonations(request: Request, work: PlatformWork) -> Response:
    listing = Listing.of(request, sorts=("-begun",), filters=("text", "state"))
    asked = listing.filter
    found = queries.newest(work, asked("text"), asked("state"), offset=listing.offset, limit=listing.limit)
    return page(
        request,
        "impersonation/list.html",
        block="list",
        listing=listing.counted(found.total),
        rows=found.rows,
        now=work.now,
        states=[(state, _(title)) for state, title in STATES.items()],
    )


@get("/platform/shops/{shop}/impersonation", platform=True, permission=ACT_FOR_USERS, sensitive=True)
def choose_user(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    # The names of a shop's people are the shop's: it sees in its own trail that they were looked at.
    with database.for_shop(TenantId(shop), work.actor) as uow:
        uow.record("impersonation.choose_user")
        users = identity.users(uow) if uow.shop.state.allows.sign_in else []
    admins = identity.admins_among(work, [user.id for user in users])
    show = formats(request)
    return page(
        request,
        "impersonation/begin.html",
        shop=uow.shop,
        users=[(str(user.id), f"{user.name} · {user.role.words}") for user in users if user.id not in admins],
        chosen=request.query_params.get("user", ""),
        minutes=[(each, _("{minutes} minutes").format(minutes=show.number(int(each)))) for each in MINUTES],
    )


def _of_person(shop: Shop, person: identity.User) -> dict[str, Any] | None:
    """Whether the person is an admin, too, is asked where it begins: for all of them at once."""
    can_be_acted_for = shop.state.allows.sign_in and person.is_active
    return {"shop": shop, "person": person} if can_be_acted_for else None


#: The way here from a shop's people.
AT_PERSON = Slot("platform.person", "impersonation/_person.html", _of_person, ACT_FOR_USERS, 100, Scope.PLATFORM)


@post(
    "/platform/shops/{shop}/impersonation",
    form=BeginForm,
    platform=True,
    permission=ACT_FOR_USERS,
    sensitive=True,
    again=choose_user,
)
def begin(request: Request, work: PlatformWork, database: Database, shop: UUID, form: BeginForm) -> Response:
    token = held_session(request)
    visitor = identity.Visitor(peer(request), device(request), identity.Token(token) if token else None)
    acting = beginning.begin(database, work, shop, form, visitor)
    return carry_session(request, redirect("/"), acting.token.secret, acting.until - work.now)
