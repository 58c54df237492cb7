"""One's own password, in a shop and on the platform."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity.actions.choose_password import change_password
from plugins.identity.forms import NewPasswordForm
from plugins.identity.pages.carried import carry, visitor
from plugins.identity.pages.door import PLATFORM_HOME
from web.render import page
from web.routing import get, post, redirect


@get("/account/password", everyone=True)
def show_password(request: Request, uow: UnitOfWork) -> Response:
    return page(request, "identity/password.html", action="/account/password", back="/")


@post("/account/password", form=NewPasswordForm, everyone=True, own=True, again=show_password)
def change_own_password(request: Request, uow: UnitOfWork, database: Database, form: NewPasswordForm) -> Response:
    with database.for_platform("change the own password", uow.actor) as work:
        entered = change_password(work, uow.shop.id, form, visitor(request))
    uow.record("identity.change_own_password")
    return carry(request, redirect("/", say=_said()), entered.token)


@get("/platform/account/password", platform=True, everyone=True)
def show_admin_password(request: Request, work: PlatformWork) -> Response:
    return page(request, "identity/password.html", action="/platform/account/password", back=PLATFORM_HOME)


@post("/platform/account/password", form=NewPasswordForm, platform=True, everyone=True, again=show_admin_password)
def change_admin_password(request: Request, work: PlatformWork, form: NewPasswordForm) -> Response:
    entered = change_password(work, None, form, visitor(request))
    return carry(request, redirect(PLATFORM_HOME, say=_said()), entered.token)


def _said() -> str:
    return _("Your password is changed. On all other devices you are signed out.")
