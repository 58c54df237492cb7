"""Old metal comes over the counter and waits to be melted."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kernel.i18n import _, speaking
from kernel.metal import Fineness, Metal, Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.inventory import store
from plugins.inventory.actions.receive import check_countable
from plugins.inventory.domain.item import SCRAP_SKU, Description, Kind, NewItem, Weighed
from plugins.inventory.domain.moved import Moved
from plugins.inventory.domain.reasons import Reason


def take_in_scrap(
    uow: UnitOfWork,
    *,
    metal: Metal,
    weight: Weight,
    fineness: Fineness,
    paid: Money,
    document: UUID,
    branch: UUID,
) -> UUID:
    """A lot of scrap of its own, at what was paid and at the fineness it was paid as. Answers the lot.

    It does not count towards the plan's items: a shop on its limit can still buy what a customer brings.
    """
    check_countable(weight.at(fineness).units, 1)
    number = uow.next_number("scrap")
    with speaking(uow.shop.language):
        name = _("Scrap lot {number}").format(number=number)
    weighed = Weighed(metal, stamped=fineness, assayed=None, gross=weight, net=weight)
    lot = store.items.add(uow, NewItem(Description(f"{SCRAP_SKU}{number}", name), weighed, Kind.SCRAP, branch))
    store.movements.move(uow, {lot: 1}, costs={lot: paid.amount}, document=document, reason=Reason.OLD_METAL)
    return lot


def drop_scrap(
    uow: UnitOfWork, lots: Iterable[UUID], *, document: UUID, reason: str = Reason.VOIDED
) -> dict[UUID, Moved]:
    """The customer takes the old metal home again. Raises OutOfStock for a lot that is melted already."""
    return store.movements.move(uow, dict.fromkeys(lots, -1), document=document, reason=reason)
