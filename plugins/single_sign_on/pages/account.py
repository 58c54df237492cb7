"""One's own account and that at the shop's provider."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Slot
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.single_sign_on import queries
from plugins.single_sign_on.actions import unlink as unlinking
from plugins.single_sign_on.domain import Purpose
from web.render import page
from web.routing import get, post, redirect

PATH = "/account/single-sign-on"


@get(PATH, everyone=True, impersonating=False)
def show_link(request: Request, uow: UnitOfWork) -> Response:
    provider = queries.provider(uow)
    is_on = provider is not None and provider.is_on
    linked = None
    if provider is not None and uow.actor.id is not None:
        linked = queries.linked_email(uow, uow.actor.id, provider.issuer)
    go = f"/sign-in/{uow.shop.slug}/go?purpose=link"
    return page(request, "single_sign_on/account.html", provider=provider, is_on=is_on, linked=linked, go=go)


def _vouching(uow: UnitOfWork, wanted: str) -> dict[str, Any] | None:
    provider = queries.provider(uow)
    if provider is None or not provider.is_on:
        return None
    go = f"/sign-in/{uow.shop.slug}/go?purpose={Purpose.PROVE.value}&next={quote(wanted, safe='/')}"
    return {"title": provider.title, "go": go}


#: Where somebody who came in by the provider shows once more that it is them.
AT_PROOF = Slot("account.prove", "single_sign_on/_prove.html", _vouching, None)


@post(f"{PATH}/end", everyone=True, own=True, again=show_link)
def end_link(request: Request, uow: UnitOfWork) -> Response:
    unlinking.unlink(uow)
    return redirect(PATH, say=_("You do not sign in by the shop’s provider any more."))
