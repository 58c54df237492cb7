"""Rates for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from kernel.uow import UnitOfWork
from plugins.pricing.actions.choose import choose_for_board
from plugins.pricing.actions.set_rate import leave_board, set_rate
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.rate import Rate
from plugins.pricing.forms.board import BoardChoicesForm, HistoryQuery, PlaceForm, RateForm
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES, SET_RATES
from plugins.pricing.queries.board import board, history
from web.cursors import at_and_id, opened, pack
from web.routing import get, post, put


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
    next: str | None


@get("/api/v1/pricing/rates", permission=SEE_RATES, answers=BoardAnswer)
def api_show_rates(request: Request, uow: UnitOfWork) -> BoardAnswer:
    """The newest rates, the shop's own and its market's."""
    now = board(uow)
    return BoardAnswer(now.profile.code, now.profile.currency, [_answer(now, rate) for rate in (*now.own, *now.market)])


@post("/api/v1/pricing/rates", form=RateForm, permission=SET_RATES, answers=RateAnswer, status=201)
def api_set_rate(request: Request, uow: UnitOfWork, form: RateForm) -> RateAnswer:
    """Set today's rate."""
    return _answer(board(uow), set_rate(uow, form), used=True)


@post("/api/v1/pricing/rates/leaving", form=PlaceForm, permission=SET_RATES, status=204)
def api_take_off_board(request: Request, uow: UnitOfWork, form: PlaceForm) -> Response:
    """Take a place off the board; its history stays."""
    leave_board(uow, form)
    return Response(status_code=204)


@put("/api/v1/pricing/choices", form=BoardChoicesForm, permission=EDIT_RULES, status=204)
def api_change_choices(request: Request, uow: UnitOfWork, form: BoardChoicesForm) -> Response:
    """Choose when a rate is old, whose rates hold, and how long a quote does."""
    choose_for_board(uow, form)
    return Response(status_code=204)


@get("/api/v1/pricing/rates/history", query=HistoryQuery, permission=SEE_RATES, answers=HistoryAnswer)
def api_rate_history(request: Request, uow: UnitOfWork, query: HistoryQuery) -> HistoryAnswer:
    """What the shop set for one place of its board, the newest first."""
    now = board(uow)
    found = history(uow, query.place, query.limit + 1, before=opened(query.after, at_and_id))
    shown = found[: query.limit]
    following = pack(shown[-1].at.isoformat(), shown[-1].id) if len(found) > query.limit else None
    return HistoryAnswer([_answer(now, rate) for rate in shown], following)


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
