"""Where an owner sets up the shop's own provider."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import UnitOfWork
from plugins.shop.public import sections
from plugins.single_sign_on import queries
from plugins.single_sign_on.actions import configure as configuring
from plugins.single_sign_on.domain import Newcomers
from plugins.single_sign_on.forms import ProviderForm
from plugins.single_sign_on.permissions import CONFIGURE
from plugins.single_sign_on.ports import Providers
from web.render import page
from web.routing import get, post, redirect

PATH = "/settings/single-sign-on"


@get(PATH, permission=CONFIGURE)
def show_provider(request: Request, uow: UnitOfWork, site: Site) -> Response:
    gate = f"/sign-in/{uow.shop.slug}"
    return page(
        request,
        "single_sign_on/settings.html",
        sections=sections(uow),
        provider=queries.provider(uow),
        newcomers=[(each.value, each.words) for each in Newcomers],
        gate=site.at(gate),
        back=site.at(f"{gate}/answer"),
        trial=f"{gate}/go?purpose=try",
    )


@post(PATH, form=ProviderForm, permission=CONFIGURE, again=show_provider, sensitive=True)
def change_provider(
    request: Request, uow: UnitOfWork, form: ProviderForm, providers: Providers, safe: Safe
) -> Response:
    configuring.configure(uow, providers, safe, form)
    return redirect(PATH, say=_("Saved."))
