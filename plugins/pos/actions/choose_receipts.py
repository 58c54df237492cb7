"""The shop decides how its receipts look, and what a seller may take off."""

from __future__ import annotations

from kernel.errors import BadInput
from kernel.uow import UnitOfWork
from plugins.pos.domain.choices import BARS, COPIES, DISCOUNT_PERCENT_MAX, FOOTINGS, PAPER
from plugins.pos.forms import ReceiptsForm


def choose_receipts(uow: UnitOfWork, wanted: ReceiptsForm) -> None:
    """Raises BadInput for a discount above 100 per cent."""
    try:
        discount = DISCOUNT_PERCENT_MAX.read(str(wanted.discount_percent_max))
    except ValueError as refused:
        raise BadInput({"discount_percent_max": str(refused)}) from None
    for setting, value in (
        (FOOTINGS, dict(wanted.footings)),
        (PAPER, wanted.paper),
        (COPIES, wanted.copies),
        (BARS, wanted.bars),
        (DISCOUNT_PERCENT_MAX, discount),
    ):
        if uow.setting(setting) != value:
            uow.choose(setting, value)
