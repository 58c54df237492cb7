"""The tree of categories."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.inventory import queries
from plugins.inventory.actions import categories
from plugins.inventory.domain.categories import Category
from plugins.inventory.forms import CategoryForm
from plugins.inventory.permissions import EDIT_STOCK, SEE_STOCK
from web.cursors import PageQuery, page_of
from web.routing import delete, get, post, put


@dataclass(frozen=True, slots=True)
class CategoryAnswer:
    """`path` are the ids from the top of the tree down to this one, `title` their names."""

    id: UUID
    name: str
    title: str
    path: list[UUID]


@dataclass(frozen=True, slots=True)
class CategoriesAnswer:
    categories: list[CategoryAnswer]
    next: str | None


@get("/api/v1/categories", permission=SEE_STOCK, query=PageQuery, answers=CategoriesAnswer)
def api_list_categories(request: Request, uow: UnitOfWork, query: PageQuery) -> CategoriesAnswer:
    """All of them, by name; those below others after those."""
    shown, following = page_of(queries.categories.tree(uow), query, lambda one: ("\x1f".join(one.names), str(one.id)))
    return CategoriesAnswer([_answer(one) for one in shown], following)


@post("/api/v1/categories", form=CategoryForm, permission=EDIT_STOCK, answers=CategoryAnswer, status=201)
def api_add_category(request: Request, uow: UnitOfWork, form: CategoryForm) -> CategoryAnswer:
    """Add a category, below another one or at the top."""
    return _shown(uow, categories.add(uow, form.name, form.parent).id)


@get("/api/v1/categories/{category}", permission=SEE_STOCK, answers=CategoryAnswer)
def api_show_category(request: Request, uow: UnitOfWork, category: UUID) -> CategoryAnswer:
    """One category."""
    return _shown(uow, category)


@put("/api/v1/categories/{category}", form=CategoryForm, permission=EDIT_STOCK, answers=CategoryAnswer)
def api_change_category(request: Request, uow: UnitOfWork, category: UUID, form: CategoryForm) -> CategoryAnswer:
    """Give a category another name or another place."""
    categories.change(uow, category, form.name, form.parent)
    return _shown(uow, category)


@delete("/api/v1/categories/{category}", permission=EDIT_STOCK, status=204)
def api_remove_category(request: Request, uow: UnitOfWork, category: UUID) -> Response:
    """Remove a category that nothing is in."""
    categories.remove(uow, category)
    return Response(status_code=204)


def _shown(uow: UnitOfWork, category: UUID) -> CategoryAnswer:
    return _answer(queries.categories.category(uow, category))


def _answer(category: Category) -> CategoryAnswer:
    return CategoryAnswer(category.id, category.name, category.title, list(category.path))
