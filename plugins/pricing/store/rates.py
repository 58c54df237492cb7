"""Writing rates: the shop's own, and those of its market."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.pricing.domain.board import Place
from plugins.pricing.domain.rate import Rate
from plugins.pricing.tables import rate_places, rates


def add(uow: UnitOfWork, rate: Rate) -> None:
    """The rate, and its place on the board."""
    place = _columns(Place.of(rate))
    uow.execute(upsert(rate_places).values(place).on_conflict_do_nothing())
    uow.execute(
        insert(rates).values(
            **place,
            id=rate.id,
            value=rate.value,
            currency=rate.currency,
            source=rate.source,
            at=rate.at,
            set_by=uow.actor.name,
        )
    )


def leave_board(uow: UnitOfWork, place: Place) -> bool:
    """Answers False where it was not on the board. What was quoted there before stays in the history."""
    c = rate_places.c
    here = (
        (c.metal == place.metal)
        & (c.side == place.side)
        & (c.unit == place.unit)
        & (c.fineness == place.fineness.tenths)
    )
    return uow.execute(rate_places.delete().where(here)).rowcount == 1


def keep_market_rate(uow: UnitOfWork, rate: Rate) -> bool:
    """Keep a rate of the market for all shops. Answers False where it was kept before."""
    keep = func.app.keep_market_rate(
        new_id(),
        rate.market,
        rate.metal.value,
        rate.unit.value,
        rate.fineness.tenths,
        rate.value,
        rate.currency,
        rate.source,
        rate.at,
        uow.now,
    )
    return bool(uow.execute(select(keep)).scalar_one())


def _columns(place: Place) -> dict[str, object]:
    return {
        "metal": place.metal.value,
        "side": place.side.value,
        "unit": place.unit.value,
        "fineness": place.fineness.tenths,
    }
