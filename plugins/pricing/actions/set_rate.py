"""Today's rate is set by hand, and a place leaves the board."""

from __future__ import annotations

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.pricing.domain.errors import NotOnTheBoard
from plugins.pricing.domain.rate import Rate
from plugins.pricing.events import RateSet
from plugins.pricing.forms.board import PlaceForm, RateForm
from plugins.pricing.store import rates

MANUAL = "manual"


def set_rate(uow: UnitOfWork, wanted: RateForm) -> Rate:
    """From now on prices are made with it; what was said before keeps the rate it was said with."""
    shop = uow.shop
    rate = Rate(
        wanted.metal,
        wanted.value,
        shop.currency,
        wanted.unit,
        wanted.fineness,
        shop.market,
        uow.now,
        MANUAL,
        str(new_id()),
        wanted.side,
    )
    rates.add(uow, rate)
    _tell(uow)
    uow.publish(
        RateSet(
            rate.id,
            rate.metal.value,
            rate.side.value,
            str(rate.value),
            rate.currency,
            rate.unit.value,
            rate.fineness.tenths,
        )
    )
    return rate


def leave_board(uow: UnitOfWork, place: PlaceForm) -> None:
    """The shop no longer quotes this. Raises NotOnTheBoard."""
    if not rates.leave_board(uow, place.place):
        raise NotOnTheBoard
    _tell(uow)


def _tell(uow: UnitOfWork) -> None:
    """Every page shows the rate: those that are opened from now on, and those that are open."""
    uow.renew_shop()
    uow.signal("rates")
