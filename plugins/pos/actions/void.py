"""Void: a sale that never should have been. Everything it did is undone; that it was, stays written."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.pos import queries, store
from plugins.pos.actions import tell
from plugins.pos.domain.sale import Sale, Void
from plugins.pos.forms import VoidForm


def void(uow: UnitOfWork, sale_id: UUID, wanted: VoidForm) -> Sale:
    """Undo a sale, old gold included.

    Raises SaleIsVoid, SaleHasRefunds, SaleIsExchange; OutOfStock where the gold is melted.
    """
    sale = queries.sale(uow, sale_id)
    sale.check_can_be_voided()
    void = Void(uow.now, uow.actor.name, wanted.because)
    store.add_void(uow, sale, void)
    lots = [old.item for old in sale.old_gold]
    inventory.hold(uow, {*sale.pieces, *lots})
    inventory.put_back(uow, sale.pieces, document=sale.id, reason="voided")
    inventory.drop_scrap(uow, lots, document=sale.id)
    # After the pieces, as in every sale: one that has the pieces and waits for its day would wait for us for ever.
    store.count_void(uow, sale, void)
    uow.publish(tell.voided(sale, void))
    return queries.sale(uow, sale_id)
