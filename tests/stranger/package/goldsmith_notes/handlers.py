"""What notes listen to."""

from __future__ import annotations

from goldsmith_notes import store
from kernel.events import ShopOpened, on
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.pos.public import SaleCompleted


@on(ShopOpened)
def write_the_first(uow: UnitOfWork, opened: ShopOpened) -> None:
    store.add(uow, _("Welcome, {shop}.").format(shop=opened.name))


@on(SaleCompleted, after_commit=True)
def note_the_sale(uow: UnitOfWork, sold: SaleCompleted) -> None:
    store.add(uow, _("Sale {number}").format(number=sold.number))
