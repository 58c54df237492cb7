"""Rates for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.rate import Rate
from plugins.pricing.forms.board import PlaceForm, RateForm
from plugins.pricing.permissions import SEE_RATES, SET_RATES
from plugins.pricing.queries.board import board, history
from web.routing import get, post

MOST = 1000


@dataclass(frozen=True, slots=True)
class RateAnswer:
    """`value` in major units for one `unit` at `fineness`. `stale`: nothing is sold at it; `used`: prices follow it."""

    id: str
    metal: str
    side: str
    value: str
    currency: str
    unit: str
    fineness: str
    at: datetime
    source: str
    stale: bool
    used: bool


@dataclass(frozen=True, slots=True)
class BoardAnswer:
    market: str
    currency: str
    rates: list[RateAnswer]


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    rates: list[RateAnswer]


@get("/api/v1/pricing/rates", permission=SEE_RATES, answers=BoardAnswer)
def api_show_rates(request: Request, uow: UnitOfWork) -> BoardAnswer:
    """The newest rates, the shop's own and its market's."""
    now = board(uow)
    return BoardAnswer(now.profile.code, now.profile.currency, [_answer(now, rate) for rate in (*now.own, *now.market)])


@post("/api/v1/pricing/rates", form=RateForm, permission=SET_RATES, answers=RateAnswer, status=201)
def api_set_rate(request: Request, uow: UnitOfWork, form: RateForm) -> RateAnswer:
    """Set today's rate."""
    return _answer(board(uow), set_rate(uow, form), used=True)


@get("/api/v1/pricing/rates/history", query=PlaceForm, permission=SEE_RATES, answers=HistoryAnswer)
def api_rate_history(request: Request, uow: UnitOfWork, query: PlaceForm) -> HistoryAnswer:
    """What the shop set for one place of its board, newest first, at most 1000."""
    now = board(uow)
    return HistoryAnswer([_answer(now, rate) for rate in history(uow, query.place, MOST)])


def _answer(now: Board, rate: Rate, *, used: bool | None = None) -> RateAnswer:
    in_use = any(rate.id == other.id for other in now.rates) if used is None else used
    return RateAnswer(
        rate.id,
        rate.metal.value,
        rate.side.value,
        f"{rate.value:f}",
        rate.currency,
        rate.unit.value,
        str(rate.fineness),
        rate.at,
        rate.source,
        now.is_stale(rate),
        in_use,
    )
