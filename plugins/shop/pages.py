"""The shop's settings: what it is called and where it is found, its logo, and the way to everything else."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _
from kernel.uow import UnitOfWork
from plugins.shop import queries, store
from plugins.shop.actions.introduce import introduce
from plugins.shop.actions.put_up_logo import put_up_logo
from plugins.shop.domain.choices import CHOICES
from plugins.shop.forms import LogoForm, ShopForm
from plugins.shop.permissions import SETTINGS
from plugins.shop.ports import Pictures
from plugins.shop.public import sections
from web.render import page
from web.routing import get, post, redirect

CALENDARS = (("gregorian", N_("Gregorian")), ("jalali", N_("Jalali (Solar Hijri)")))


@get("/settings", permission=SETTINGS)
def show_settings(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "shop/settings.html", sections=sections(uow))


@get("/settings/shop", permission=SETTINGS)
def edit_shop(request: Request, uow: UnitOfWork) -> Response:
    return page(
        request,
        "shop/shop.html",
        sections=sections(uow),
        shop=uow.shop,
        calendars=[(calendar, _(title)) for calendar, title in CALENDARS],
        zones=_zones(request.state.view.language),
        **_chosen(uow),
    )


def _zones(language: str) -> list[tuple[str, str]]:
    """Each by its name, which says the place in English; in other languages the place stands before it."""
    places = {} if language == "en" else Locale.parse(language).time_zones
    names = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    cities = {zone: places[zone].get("city", "") for zone in names if zone in places}
    return [(zone, f"{cities[zone]} ({zone})" if cities.get(zone) else zone) for zone in names]


@post("/settings/shop", form=ShopForm, permission=SETTINGS, again=edit_shop)
def change_shop(request: Request, uow: UnitOfWork, form: ShopForm) -> Response:
    introduce(uow, form)
    return redirect("/settings/shop", say=_("Saved."))


@get("/settings/logo", permission=SETTINGS)
def choose_logo(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "shop/logo.html", sections=sections(uow), logo=queries.logo_id(uow))


@post("/settings/logo", form=LogoForm, permission=SETTINGS, again=choose_logo)
def change_logo(request: Request, uow: UnitOfWork, form: LogoForm, pictures: Pictures) -> Response:
    put_up_logo(uow, form.logo.content, pictures)
    return redirect("/settings/logo", say=_("The logo stands on everything you print from now on."))


@post("/settings/logo/removal", permission=SETTINGS, again=choose_logo)
def remove_logo(request: Request, uow: UnitOfWork) -> Response:
    store.take_logo_away(uow)
    return redirect("/settings/logo", say=_("The logo is removed."))


@get("/logos/{logo}", everyone=True)
def show_logo(uow: UnitOfWork, logo: UUID) -> Response:
    """The picture itself: shown where a page asks for it, and saved, never opened, where somebody goes to it."""
    picture = queries.logo(uow, logo)
    headers = {"Content-Disposition": "attachment"}
    return Response(picture.content, media_type=picture.media_type, headers=headers)


def _chosen(uow: UnitOfWork) -> dict[str, Any]:
    return {"chosen": {setting.name.removeprefix("shop."): (setting, uow.setting(setting)) for setting in CHOICES}}
