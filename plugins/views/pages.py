"""Keeping views of lists; the lists themselves show them."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.views import actions
from plugins.views.forms import ViewForm
from web.routing import post, redirect

KEEPER = "/views"


@post(KEEPER, form=ViewForm, everyone=True)
def keep_view(uow: UnitOfWork, form: ViewForm) -> Response:
    actions.keep(uow, form)
    return redirect(_address(form.list, form.query), say=_("The view “{name}” is kept.").format(name=form.name))


@post(KEEPER + "/{view}/start", everyone=True)
def start_with_view(uow: UnitOfWork, view: UUID) -> Response:
    kept = actions.start_with(uow, view)
    said = _("The list begins with everything.") if kept.view.is_default else _("The list begins with this view.")
    return redirect(_address(kept.list, kept.view.query), say=said)


@post(KEEPER + "/{view}/removal", everyone=True)
def remove_view(uow: UnitOfWork, view: UUID) -> Response:
    kept = actions.let_go(uow, view)
    said = _("The view “{name}” is removed; what it showed is untouched.").format(name=kept.view.name)
    return redirect(_address(kept.list, kept.view.query), say=said)


def _address(path: str, query: str) -> str:
    return f"{path}?{query or 'view=all'}"
