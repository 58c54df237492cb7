"""The tree of categories."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions import categories
from plugins.inventory.forms import CategoryForm
from plugins.inventory.permissions import EDIT_STOCK, SEE_STOCK
from web.render import page
from web.routing import get, post, redirect


@get("/inventory/categories", permission=SEE_STOCK)
def list_categories(request: Request, uow: UnitOfWork) -> Response:
    tree = queries.categories.tree(uow)
    return page(
        request,
        "inventory/categories.html",
        tree=tree,
        parents=[(category.id, category.title) for category in tree],
        counts=queries.categories.how_many_in(uow),
        may_edit=uow.actor.may(EDIT_STOCK.name),
    )


@post("/inventory/categories", form=CategoryForm, permission=EDIT_STOCK, again=list_categories)
def add_category(request: Request, uow: UnitOfWork, form: CategoryForm) -> Response:
    categories.add(uow, form.name, form.parent)
    return redirect("/inventory/categories", say=_("Added."))


@get("/inventory/categories/{category}", permission=EDIT_STOCK)
def show_category(request: Request, uow: UnitOfWork, category: UUID) -> Response:
    tree = queries.categories.tree(uow)
    return page(
        request,
        "inventory/category.html",
        category=queries.categories.category(uow, category),
        parents=[(other.id, other.title) for other in tree if category not in other.path],
    )


@post("/inventory/categories/{category}", form=CategoryForm, permission=EDIT_STOCK, again=show_category)
def change_category(request: Request, uow: UnitOfWork, category: UUID, form: CategoryForm) -> Response:
    categories.change(uow, category, form.name, form.parent)
    return redirect("/inventory/categories", say=_("Saved."))


@post("/inventory/categories/{category}/removal", permission=EDIT_STOCK, again=show_category)
def remove_category(request: Request, uow: UnitOfWork, category: UUID) -> Response:
    gone = categories.remove(uow, category)
    return redirect("/inventory/categories", say=_("“{name}” is removed.").format(name=gone.name))
