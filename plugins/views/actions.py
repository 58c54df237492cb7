"""Keep a list as it stands, start with it, and let it go."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.views import queries, store
from plugins.views.domain import MOST_VIEWS, TooManyViews
from plugins.views.forms import ViewForm
from plugins.views.queries import Kept


def keep(uow: UnitOfWork, form: ViewForm) -> None:
    """Under a name of its own, or in place of what had that name. Raises TooManyViews."""
    others = [view for view in queries.kept(uow, form.list) if view.name != form.name]
    if len(others) >= MOST_VIEWS:
        raise TooManyViews
    view = store.keep(uow, form.list, form.name, form.query)
    if form.is_default:
        store.start_with(uow, form.list, view)


def start_with(uow: UnitOfWork, view: UUID) -> Kept:
    """From now on the list begins so; if it did already, it begins with everything again. Raises NotFound."""
    found = queries.view(uow, view)
    store.start_with(uow, found.list, None if found.view.is_default else view)
    return found


def let_go(uow: UnitOfWork, view: UUID) -> Kept:
    """Raises NotFound."""
    found = queries.view(uow, view)
    store.remove(uow, view)
    return found
