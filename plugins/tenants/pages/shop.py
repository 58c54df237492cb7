"""One shop: what it is, who works in it, what it pays and has, and what was done to it. Each tab is an address."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.money import DECIMALS
from kernel.tenancy import ShopState, TenantId
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.audit import public as audit
from plugins.identity import public as identity
from plugins.tenants.actions.ask_owner_again import ask_owner_again
from plugins.tenants.actions.edit_shop import edit_shop
from plugins.tenants.domain.override import Override, last_day
from plugins.tenants.domain.plan import LIMITS
from plugins.tenants.domain.shop import ShopRow
from plugins.tenants.domain.states import possible
from plugins.tenants.forms import ShopForm
from plugins.tenants.pages.words import cycles, markets, states, titles
from plugins.tenants.permissions import EDIT_SHOPS, SEE_SHOPS
from plugins.tenants.queries import activity, overrides, standing
from plugins.tenants.queries import plans as plan_queries
from plugins.tenants.queries import shops as queries
from web.render import LANGUAGES, page
from web.routing import get, post, redirect
from web.slots import added_on_platform

TABS = (
    ("", N_("The shop")),
    ("/users", N_("People")),
    ("/subscription", N_("Subscription")),
    ("/plugins", N_("Plugins")),
    ("/activity", N_("Activity")),
)
#: Of a shop that is erased the platform's own books are left: what it was, what it paid, what was done to it.
OF_ERASED = ("", "/subscription", "/activity")


@get("/platform/shops/{shop}", platform=True, permission=SEE_SHOPS)
def show_shop(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    head = _head(work, shop, "")
    row: ShopRow = head["shop"]
    return page(
        request,
        "tenants/shop.html",
        **head,
        state=states()[row.state.value],
        possible=possible(row.state) if head["may_edit"] else frozenset(),
        standing=standing.standing(work, shop),
        markets=markets(),
        plans=titles(plan_queries.plans(work)),
        # What other plugins have to say about a shop.
        parts=added_on_platform(request, database.plugins, work.actor, "platform.shop", work=work, shop=shop),
    )


@get("/platform/shops/{shop}/users", platform=True, permission=SEE_SHOPS)
def show_users(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    head = _head(work, shop, "/users")
    # The shop's rows are read in the shop's own context, and its trail says that they were looked at.
    with database.for_shop(TenantId(shop), work.actor) as uow:
        people, invited = identity.everybody(uow), identity.invited_owners(uow)
        uow.record("tenants.show_users", people=len(people))
    # What other plugins let an admin do about a person.
    add = partial(added_on_platform, request, database.plugins, work.actor, "platform.person", shop=uow.shop)
    return page(
        request,
        "tenants/shop_users.html",
        **head,
        people=[(person, add(person=person)) for person in people],
        invited=invited,
        lets_in=uow.shop.state.allows.sign_in,
    )


@post(
    "/platform/shops/{shop}/users/{user}/reset", platform=True, permission=EDIT_SHOPS, again=show_users, sensitive=True
)
def send_reset(request: Request, work: PlatformWork, database: Database, shop: UUID, user: UUID) -> Response:
    """Nobody sees or sets a password: a letter lets the person choose one."""
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        person, speaks = identity.user(uow, user), uow.shop.language
    identity.send_reset(work, person.id, speaks)
    work.record("tenants.send_reset", shop=str(shop), person=str(person.id))
    said = _("A letter to {email} lets them choose another password.").format(email=person.email)
    return redirect(f"/platform/shops/{shop}/users", say=said)


@post(
    "/platform/shops/{shop}/invitations/{invitation}/letter",
    platform=True,
    permission=EDIT_SHOPS,
    again=show_users,
    sensitive=True,
)
def invite_owner_again(
    request: Request, work: PlatformWork, database: Database, shop: UUID, invitation: UUID
) -> Response:
    with database.for_shop(TenantId(shop), work.actor) as uow:
        asked = ask_owner_again(uow, invitation)
    work.record("tenants.invite_owner_again", shop=str(shop), invitation=str(invitation))
    said = _("Another letter to {email} is on its way; the link in the one before is dead.").format(email=asked.email)
    return redirect(f"/platform/shops/{shop}/users", say=said)


@get("/platform/shops/{shop}/subscription", platform=True, permission=SEE_SHOPS)
def show_subscription(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    head = _head(work, shop, "/subscription")
    row: ShopRow = head["shop"]
    plans = plan_queries.plans(work)
    return page(
        request,
        "tenants/shop_subscription.html",
        **head,
        plan=next((plan for plan in plans if plan.name == row.plan), None),
        others=[(plan.name, _(plan.title)) for plan in plans if not plan.archived and plan.name != row.plan],
        titles=titles(plans),
        limits={name: _(words) for name, words in LIMITS.items()},
        cycles=cycles(),
        paid=standing.payments(work, shop),
        **(_NOTHING_USED if row.state is ShopState.DELETED else _used(database, work, shop)),
    )


@get("/platform/shops/{shop}/plugins", platform=True, permission=SEE_SHOPS)
def show_plugins(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        plugins = queries.plugin_states(uow)
        exceptions, past = _overrides(uow, "plugin")
    return page(
        request,
        "tenants/shop_plugins.html",
        **_head(work, shop, "/plugins"),
        plugins=plugins,
        titles={name: _(plugin.manifest.title) for name, plugin in database.plugins.by_name.items()},
        exceptions={each["name"]: each for each in exceptions},
        past=past,
    )


@get("/platform/shops/{shop}/activity", platform=True, permission=SEE_SHOPS)
def show_activity(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    head = _head(work, shop, "/activity")
    deeds = activity.on_platform(work, shop)
    if head["shop"].state is not ShopState.DELETED:
        with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
            deeds = sorted([*activity.in_shop(uow), *deeds], key=lambda deed: deed.at, reverse=True)
    return page(
        request,
        "tenants/shop_activity.html",
        **head,
        deeds=[
            {
                "at": deed.at,
                "what": audit.action_words(database.plugins, deed.action),
                "who": audit.actor_words(deed.actor_kind, deed.actor),
                "subject": deed.subject,
                "outcome": audit.outcome_words(deed.outcome),
            }
            for deed in deeds[: activity.MOST]
        ],
    )


@get("/platform/shops/{shop}/edit", platform=True, permission=EDIT_SHOPS)
def show_edit(request: Request, work: PlatformWork, database: Database, shop: UUID) -> Response:
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        booked = queries.has_booked(uow)
    return page(
        request,
        "tenants/edit_shop.html",
        shop=uow.shop,
        booked=booked,
        markets=list(markets().items()),
        currencies=[(code, code) for code in sorted(DECIMALS)],
        languages=LANGUAGES,
    )


@post(
    "/platform/shops/{shop}/edit", form=ShopForm, platform=True, permission=EDIT_SHOPS, again=show_edit, sensitive=True
)
def change_shop(request: Request, work: PlatformWork, database: Database, shop: UUID, form: ShopForm) -> Response:
    edit_shop(database, work, shop, form)
    return redirect(f"/platform/shops/{shop}", say=_("Saved."))


def _head(work: PlatformWork, shop: UUID, tab: str) -> dict[str, Any]:
    """What stands on top of every tab."""
    row = queries.shop(work, shop)
    is_erased = row.state is ShopState.DELETED
    may_edit = work.actor.may(EDIT_SHOPS.name) and not is_erased
    tabs = [one for one in TABS if not is_erased or one[0] in OF_ERASED]
    return {
        "shop": row,
        "may_edit": may_edit,
        "tabs": [(_(words), f"/platform/shops/{shop}{path}", path == tab) for path, words in tabs],
    }


_NOTHING_USED: dict[str, Any] = {"used": [], "exceptions": [], "past": []}


def _used(database: Database, work: PlatformWork, shop: UUID) -> dict[str, Any]:
    """Of each limit, and the limits that it has of its own."""
    with database.for_shop(TenantId(shop), work.actor, read_only=True) as uow:
        used = queries.used(uow, LIMITS)
        exceptions, past = _overrides(uow, "limit")
    return {
        "used": [(name, _(words), used[name], uow.shop.limits.get(name)) for name, words in LIMITS.items()],
        "exceptions": exceptions,
        "past": past,
    }


def _overrides(uow: UnitOfWork, kind: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those in force and those that were, for showing."""
    zone = uow.shop.zone

    def shown(one: Override) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": one.name,
            "enabled": one.enabled,
            "number": one.number,
            "because": one.because,
            "set_at": one.set_at,
            "set_by": one.set_by,
            "until": last_day(one.until, zone) if one.until else None,
            "ended_at": one.ended_at or one.until,
            "ended_by": one.ended_by,
        }

    return (
        [shown(one) for one in overrides.in_force(uow) if one.kind == kind],
        [shown(one) for one in overrides.ended(uow) if one.kind == kind],
    )
