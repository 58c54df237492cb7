"""What pricing shows on Today: the rates that are sold at, what the stock is worth at them, and when they are old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from kernel.contributions import Widget
from kernel.i18n import N_
from kernel.metal import FineWeight
from kernel.money import Money, total
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.stock import worth_of
from plugins.pricing.domain.terms import Side
from plugins.pricing.domain.titles import FINE
from plugins.pricing.pages.board import Row, market_rows, own_rows
from plugins.pricing.permissions import SEE_RATES, SET_RATES
from plugins.pricing.queries.board import board
from plugins.pricing.queries.history import trend


def show_rates(uow: UnitOfWork) -> Mapping[str, Any] | None:
    rows = _sold_at(_board(uow))
    if not rows:
        return None
    return {"rows": rows, "trend": trend(uow)}


def warn_of_old_rates(uow: UnitOfWork) -> Mapping[str, Any] | None:
    """Before somebody at the till is refused."""
    rows = _sold_at(_board(uow))
    if rows and not any(row.stale for row in rows):
        return None
    return {"is_missing": not rows, "may_set": uow.actor.may(SET_RATES.name)}


@dataclass(frozen=True, slots=True)
class Stock:
    """All of it, as today's card says it. `cost` only for those who may know; `at_rate` where every metal has one."""

    pieces: int
    fine: tuple[tuple[str, FineWeight], ...]
    cost: Money | None
    at_rate: Money | None

    @property
    def gain(self) -> Money | None:
        """What the metal alone is worth above what all of it cost; below zero where work and stones weigh more."""
        return None if self.cost is None or self.at_rate is None else self.at_rate - self.cost

    @property
    def gain_percent(self) -> int:
        return round(self.gain.amount * 100 / self.cost.amount) if self.gain and self.cost else 0


def show_stock(uow: UnitOfWork) -> Mapping[str, Any] | None:
    if "inventory" not in uow.shop.plugins:
        return None
    return {
        "stock": _stock(uow, _board(uow), inventory.totals(uow)),
        "may_add": uow.actor.may(inventory.EDIT_STOCK.name),
        "may_import": uow.actor.may(inventory.IMPORT_STOCK.name),
    }


def _stock(uow: UnitOfWork, now: Board, totals: Sequence[inventory.Total]) -> Stock:
    currency = uow.shop.currency
    metals = [(each.metal, each.fine) for each in totals if each.metal is not None and each.fine]
    worths = [worth_of(now, metal, fine) for metal, fine in metals]
    known = [worth for worth in worths if worth is not None]
    return Stock(
        pieces=sum(each.pieces for each in totals),
        fine=tuple((FINE[metal], fine) for metal, fine in metals),
        cost=Money(sum(each.worth for each in totals), currency) if uow.actor.may(inventory.SEE_COST.name) else None,
        at_rate=total(known, currency) if len(known) == len(worths) else None,
    )


def _board(uow: UnitOfWork) -> Board:
    return uow.once("pricing.board", partial(board, uow))


def _sold_at(now: Board) -> list[Row]:
    return [row for row in (*own_rows(now), *market_rows(now)) if row.sold_at and row.place.side is Side.SALE]


ON_TODAY = [
    Widget("pricing.old", N_("Old rates"), "pricing/_old.html", warn_of_old_rates, SEE_RATES, 10, "notice", ("rates",)),
    Widget(
        "pricing.rates", N_("Today’s rates"), "pricing/_today.html", show_rates, SEE_RATES, order=100, live=("rates",)
    ),
    Widget(
        "pricing.stock",
        N_("Stock"),
        "pricing/_stock.html",
        show_stock,
        inventory.SEE_STOCK,
        order=200,
        live=("stock", "sales", "rates"),
    ),
]
