"""Open the books: the chart of the shop's market is laid down, and the first journal may come."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.accounting import store
from plugins.accounting.queries.charts import chart_for


def open_books(uow: UnitOfWork) -> None:
    """Once: books that are open stay as their bookkeeper made them."""
    if store.open_books(uow):
        store.lay_down(uow, chart_for(uow.shop.market, uow.shop.language))
