"""The shop itself, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.shop import queries, store
from plugins.shop.actions.introduce import introduce
from plugins.shop.forms import ShopForm
from plugins.shop.permissions import SETTINGS
from web.routing import delete, get, put


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """`logo` is the id of the picture that stands on what is printed; null without one."""

    id: UUID
    name: str
    market: str
    currency: str
    language: str
    calendar: str
    zone: str
    state: str
    plugins: list[str]
    logo: UUID | None


@get("/api/v1/shop", permission=SETTINGS, answers=ShopAnswer)
def api_show_shop(request: Request, uow: UnitOfWork) -> ShopAnswer:
    """What the shop is called, and how it counts days and money."""
    return _answer(uow)


@put("/api/v1/shop", form=ShopForm, permission=SETTINGS, answers=ShopAnswer)
def api_change_shop(request: Request, uow: UnitOfWork, form: ShopForm) -> ShopAnswer:
    """Write anew what the shop is called and where it is found."""
    introduce(uow, form)
    return _answer(uow)


@delete("/api/v1/shop/logo", permission=SETTINGS, status=204)
def api_remove_logo(request: Request, uow: UnitOfWork) -> Response:
    """Print without a logo from now on."""
    store.take_logo_away(uow)
    return Response(status_code=204)


def _answer(uow: UnitOfWork) -> ShopAnswer:
    shop = uow.shop
    return ShopAnswer(
        shop.id,
        shop.name,
        shop.market,
        shop.currency,
        shop.language,
        shop.calendar,
        shop.zone,
        shop.state.value,
        sorted(shop.plugins),
        queries.logo_id(uow),
    )
