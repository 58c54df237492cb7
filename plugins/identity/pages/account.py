"""One's own password, in a shop and on the platform."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import Database, PlatformWork
from plugins.identity.actions.choose_password import change_password
from plugins.identity.forms import NewPasswordForm
from plugins.identity.pages.carried import carry, visitor
from plugins.identity.pages.own import PLATFORM, Unit, beside, home, place
from web.render import page
from web.routing import get, post, redirect

PASSWORD = "/account/password"  # noqa: S105 - an address


@get(f"{PLATFORM}{PASSWORD}", platform=True, everyone=True, sensitive=True)
@get(PASSWORD, everyone=True, own=True, sensitive=True)
def show_password(request: Request, uow: Unit) -> Response:
    return page(request, "identity/password.html", action=place(uow, PASSWORD), back=place(uow, "/account/security"))


@post(f"{PLATFORM}{PASSWORD}", form=NewPasswordForm, platform=True, everyone=True, again=show_password, sensitive=True)
@post(PASSWORD, form=NewPasswordForm, everyone=True, own=True, again=show_password, sensitive=True)
def change_own_password(request: Request, uow: Unit, database: Database, form: NewPasswordForm) -> Response:
    tenant = None if isinstance(uow, PlatformWork) else uow.shop.id
    with beside(database, uow) as work:
        entered = change_password(work, tenant, form, visitor(request))
    uow.record("identity.change_own_password")
    said = _("Your password is changed. On all other devices you are signed out.")
    return carry(request, redirect(home(uow), say=said), entered.token)
