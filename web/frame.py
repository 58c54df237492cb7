"""What stands around every page: for nobody yet, for a shop's people, for the platform's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from starlette.requests import Request

from kernel.access import SignedIn
from kernel.calendars import Calendar, first_weekday
from kernel.contributions import Entry, Given, Scope
from kernel.errors import GoldsmithError
from kernel.i18n import SOURCE_LANGUAGE, _, speaking
from kernel.tenancy import Actor, ShopState
from kernel.uow import UnitOfWork
from web import bell
from web.closed import ShopClosed
from web.formats import Formats
from web.guard import masked
from web.house import House
from web.live import ADDRESS as LIVE
from web.render import LANGUAGES, Notice, View, wants_part
from web.routing import notices
from web.slots import added_at, added_on_platform

LANGUAGE_COOKIE = "language"
#: Where an admin who acts in somebody's account leaves it; the plugin that let them in answers it.
ACTING = "/impersonation"
THEME_COOKIE = "theme"
SIDE_COOKIE = "side"

_KNOWN = frozenset(code for code, _name in LANGUAGES)


def nobodys(request: Request, house: House) -> View:
    """Before anybody is recognised: the browser's language and look."""
    return View(language=_language(request), now=house.database.clock.now(), **_looks(request))


def shops(request: Request, house: House, uow: UnitOfWork, person: SignedIn) -> View:
    """In a shop: its name and currency, and what its plugins and the person's permissions put into the side bar."""
    shop = uow.shop
    language = _language(request, person.language, shop.language)
    given = [each for each in house.plugins.given("navigation") if each.plugin in shop.plugins]
    return View(
        language=language,
        calendar=Calendar(shop.calendar),
        week_begins=first_weekday(Calendar(shop.calendar), shop.market),
        zone=ZoneInfo(shop.zone),
        now=uow.now,
        currency=shop.currency,
        shop=shop.name,
        person=person.actor.name,
        who=f"{shop.id} {person.actor.id}",
        places=person.places,
        navigation=entries(given, Scope.SHOP, "side", person.actor),
        menu=entries(given, Scope.SHOP, "person", person.actor),
        csrf=masked(person.csrf),
        live=LIVE,
        search="/search" if house.plugins.given("searches") else "",
        sign_out="/logout",
        added=partial(added_at, request, uow),
        **_acting(person, Formats(language, zone=ZoneInfo(shop.zone))),
        closed=_why_closed(shop.state, language),
        bell=bell.ADDRESS if house.plugins.given("bells") else "",
        unread=bell.count(uow) if request.method == "GET" and not wants_part(request) else 0,
        **_looks(request),
    )


def programs(request: Request, uow: UnitOfWork, person: SignedIn) -> View:
    """For a program in a shop: how texts and amounts are written, and nothing around them."""
    shop = uow.shop
    return View(
        language=_language(request, person.language, shop.language),
        calendar=Calendar(shop.calendar),
        zone=ZoneInfo(shop.zone),
        now=uow.now,
        currency=shop.currency,
    )


def platforms(request: Request, house: House, person: SignedIn) -> View:
    """On the platform's own pages."""
    given = house.plugins.given("navigation")
    return View(
        language=_language(request, person.language),
        now=house.database.clock.now(),
        person=person.actor.name,
        who=f"platform {person.actor.id}",
        places=person.places,
        navigation=entries(given, Scope.PLATFORM, "side", person.actor),
        menu=entries(given, Scope.PLATFORM, "person", person.actor),
        csrf=masked(person.csrf),
        live=LIVE,
        search="/platform/search" if house.plugins.given("searches") else "",
        platform=True,
        sign_out="/logout",
        added=partial(added_on_platform, request, house.plugins, person.actor),
        **_looks(request),
    )


def whoevers(request: Request, house: House) -> View:
    """At an address of the house itself, which belongs to no plugin: the frame of whoever is looking."""
    try:
        person = house.recognise(request.cookies.get(house.session_cookie))
        if person is None:
            return nobodys(request, house)
        if person.tenant is None:
            return platforms(request, house, person)
        with house.database.for_shop(person.tenant, person.actor, read_only=True) as uow:
            return shops(request, house, uow, person)
    except GoldsmithError:
        return nobodys(request, house)


def _why_closed(state: ShopState, language: str) -> str:
    with speaking(language):
        return "" if state.allows.change else str(ShopClosed(state))


def _acting(person: SignedIn, show: Formats) -> dict[str, Any]:
    """What stands on every page while an admin acts in somebody's account: as whom, until when, and the way out."""
    acting = person.impersonation
    if acting is None:
        return {}
    with speaking(show.language):
        sentence = _("You look at this shop as {person}, until {time}.")
        if acting.may_change:
            sentence = _("You act in this shop as {person}, until {time}: what you change counts.")
        # By the shop's clock, as every other time on the page; the admin may sit elsewhere.
        until = _("{moment} ({clock})").format(moment=show.time(acting.until), clock=show.clock)
        said = sentence.format(person=f"\u2068{person.actor.subject}\u2069", time=until)
    return {"impersonation": said, "leave": f"{ACTING}/leave", "escalate": "" if acting.may_change else ACTING}


def entries(given: Iterable[Given], scope: Scope, place: str, actor: Actor) -> tuple[Entry, ...]:
    """What stands in a place for somebody, in its order."""
    return tuple(
        sorted(
            (
                entry
                for each in given
                if (entry := cast(Entry, each.value)).scope is scope
                and entry.place == place
                and (entry.permission is None or actor.may(entry.permission.name))
            ),
            key=lambda entry: entry.order,
        )
    )


def _language(request: Request, *otherwise: str | None) -> str:
    """Chosen on this device, else the person's, else the shop's, else what the browser asks for."""
    asked = (part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(","))
    wanted = (request.cookies.get(LANGUAGE_COOKIE), *otherwise, *asked)
    return next((code for code in wanted if code in _KNOWN), SOURCE_LANGUAGE)


def _looks(request: Request) -> dict[str, Any]:
    theme = request.cookies.get(THEME_COOKIE)
    return {
        "path": request.scope["path"],
        "theme": theme if theme in ("light", "dark") else "system",
        "folded": request.cookies.get(SIDE_COOKIE) == "folded",
        "preferences": "/preferences",
        "notices": tuple(Notice(said, undo=undo) for said, undo in notices(request)),
    }
