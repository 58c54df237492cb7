"""Quotes for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request

from kernel.uow import UnitOfWork
from plugins.pricing.actions.quote import quote as say_price
from plugins.pricing.domain.explain import explain
from plugins.pricing.domain.kept_quote import KeptQuote
from plugins.pricing.forms.quote import QuoteForm
from plugins.pricing.permissions import SEE_RATES
from plugins.pricing.queries.quotes import newest
from plugins.pricing.queries.quotes import quote as kept_quote
from web.cursors import PageOfDays, at_and_id, opened, pack
from web.routing import get, post


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One step; `exact` is given where the rounded `amount` differs from it."""

    step: str
    title: str
    worked: str
    exact: str
    amount: str


@dataclass(frozen=True, slots=True)
class LineAnswer:
    id: str
    price: str
    discount: str
    taxes: dict[str, str]
    total: str
    steps: list[StepAnswer]


@dataclass(frozen=True, slots=True)
class OldMetalAnswer:
    id: str
    paid: str
    fine_g: str
    steps: list[StepAnswer]


@dataclass(frozen=True, slots=True)
class QuoteAnswer:
    """Amounts in major units of `currency`. `due` = `total` − `exchanged` + `rounding`. `record` can be replayed."""

    id: UUID
    made_at: datetime
    valid_until: datetime
    currency: str
    lines: list[LineAnswer]
    exchange: list[OldMetalAnswer]
    taxes: dict[str, str]
    total: str
    exchanged: str
    rounding: str
    due: str
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """`due` in minor units of `currency`."""

    id: UUID
    made_at: datetime
    made_by: str
    valid_until: datetime
    due: int
    currency: str


@dataclass(frozen=True, slots=True)
class QuotesAnswer:
    quotes: list[QuoteLine]
    next: str | None


@get("/api/v1/pricing/quotes", permission=SEE_RATES, query=PageOfDays, answers=QuotesAnswer)
def api_list_quotes(request: Request, uow: UnitOfWork, query: PageOfDays) -> QuotesAnswer:
    """Prices that were said, the newest first."""
    found = newest(uow, *query.moments(uow.shop.zone), limit=query.limit + 1, before=opened(query.after, at_and_id))
    shown = found[: query.limit]
    lines = [
        QuoteLine(one.id, one.made_at, one.made_by, one.valid_until, one.due.amount, one.due.currency) for one in shown
    ]
    following = pack(shown[-1].made_at.isoformat(), shown[-1].id) if len(found) > query.limit else None
    return QuotesAnswer(lines, following)


@post("/api/v1/pricing/quotes", form=QuoteForm, permission=SEE_RATES, answers=QuoteAnswer, status=201)
def api_quote(request: Request, uow: UnitOfWork, form: QuoteForm) -> QuoteAnswer:
    """Price pieces as they are described, and keep the price for as long as this shop's quotes hold."""
    return _answer(say_price(uow, form))


@get("/api/v1/pricing/quotes/{quote}", permission=SEE_RATES, answers=QuoteAnswer)
def api_show_quote(request: Request, uow: UnitOfWork, quote: UUID) -> QuoteAnswer:
    """A quote as it was said."""
    return _answer(kept_quote(uow, quote))


def _answer(kept: KeptQuote) -> QuoteAnswer:
    cart = kept.cart
    return QuoteAnswer(
        kept.id,
        kept.made_at,
        kept.valid_until,
        cart.due.currency,
        [
            LineAnswer(
                line.id,
                str(line.price.decimal),
                str(line.discount.decimal),
                {tax.name: str(tax.amount.decimal) for tax in line.taxes},
                str(line.total.decimal),
                _steps(line),
            )
            for line in cart.lines
        ],
        [
            OldMetalAnswer(bought.old.id, str(bought.paid.decimal), f"{bought.fine.g:f}", _steps(bought))
            for bought in cart.exchange
        ],
        {name: str(amount.decimal) for name, amount in cart.taxes.items()},
        str(cart.total.decimal),
        str(cart.exchanged.decimal),
        str(cart.rounding.decimal),
        str(cart.due.decimal),
        dict(kept.record),
    )


def _steps(priced: Any) -> list[StepAnswer]:
    return [
        StepAnswer(step.name, step.title, step.worked, step.exact, str(step.amount.decimal)) for step in explain(priced)
    ]
