"""Search what can be sold, and ask what a cart costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.requests import Request

from kernel.errors import RuleBroken
from kernel.money import DECIMALS
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.pos.actions.price import price, price_each, validity
from plugins.pos.domain.cart import CartLine
from plugins.pos.domain.quote import Quote
from plugins.pos.forms import CartForm
from plugins.pos.permissions import SELL
from plugins.pos.ports import Seal
from plugins.pricing.public import PricedLine, PricedOldMetal, explain
from web.forms import Form, Line
from web.routing import get, post

MOST_FOUND = 20


class SearchQuery(Form):
    text: Annotated[Line, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """An item, and what one of it costs now; `problem` says why it has no price."""

    id: UUID
    sku: str
    barcode: str
    name: str
    kind: str
    branch: UUID
    metal: str | None
    fineness: str | None
    net_mg: int
    on_hand: int
    price: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    currency: str
    items: list[FoundAnswer]


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One step of a price in words. `exact` only where the exact amount is not the rounded one."""

    name: str
    title: str
    worked: str
    amount: int
    exact: str


@dataclass(frozen=True, slots=True)
class QuotedLineAnswer:
    """`parts` are the amounts before discount and without tax, by component."""

    item: UUID
    sku: str
    name: str
    quantity: int
    parts: dict[str, int]
    discount: int
    taxes: dict[str, int]
    total: int
    steps: list[StepAnswer]


@dataclass(frozen=True, slots=True)
class QuotedMetalAnswer:
    metal: str
    weight_mg: int
    paid_as: str
    amount: int
    steps: list[StepAnswer]


@dataclass(frozen=True, slots=True)
class QuoteAnswer:
    """`quote` goes back with the sale: until `valid_until` the same cart is sold at this price.

    `due_decimal` is `due` as payments are written. Below zero the shop pays out.
    """

    quote: str
    valid_until: datetime
    currency: str
    decimals: int
    lines: list[QuotedLineAnswer]
    old_gold: list[QuotedMetalAnswer]
    total: int
    exchanged: int
    rounding: int
    due: int
    due_decimal: str


@get("/api/v1/pos/search", permission=SELL, query=SearchQuery, answers=SearchAnswer)
def api_search(request: Request, uow: UnitOfWork, query: SearchQuery) -> SearchAnswer:
    """What was scanned or typed: the one item with this code, else what has these words."""
    found = inventory.find(uow, query.text, limit=MOST_FOUND)
    prices = price_each(uow, found)
    return SearchAnswer(uow.shop.currency, [_found(item, prices[item.id]) for item in found])


@post("/api/v1/pos/quotes", permission=SELL, form=CartForm, answers=QuoteAnswer)
def api_quote(request: Request, uow: UnitOfWork, form: CartForm, seal: Seal) -> QuoteAnswer:
    """What the cart costs now, worked out step by step, with a quote that holds for a while."""
    cart = price(uow, form)
    quote = Quote(cart.at, cart.due)
    return QuoteAnswer(
        quote=quote.sealed(uow.shop.id, seal.sign),
        valid_until=cart.at + validity(uow),
        currency=cart.due.currency,
        decimals=DECIMALS[cart.due.currency],
        lines=[_line(line) for line in cart.lines],
        old_gold=[_metal(bought) for bought in cart.old_gold],
        total=cart.priced.total.amount,
        exchanged=cart.priced.exchanged.amount,
        rounding=cart.priced.rounding.amount,
        due=cart.due.amount,
        due_decimal=f"{cart.due.decimal:f}",
    )


def _found(item: inventory.ItemForSale, priced: PricedLine | RuleBroken) -> FoundAnswer:
    return FoundAnswer(
        id=item.id,
        sku=item.sku,
        barcode=item.barcode,
        name=item.name,
        kind=item.kind.value,
        branch=item.branch,
        metal=item.metal.value if item.metal else None,
        fineness=str(item.fineness) if item.fineness else None,
        net_mg=item.net.mg,
        on_hand=item.on_hand,
        price=priced.total.amount if isinstance(priced, PricedLine) else None,
        problem="" if isinstance(priced, PricedLine) else str(priced),
    )


def _line(line: CartLine) -> QuotedLineAnswer:
    priced = line.priced
    return QuotedLineAnswer(
        item=line.item.id,
        sku=line.item.sku,
        name=line.item.name,
        quantity=line.quantity,
        parts={component.value: amount.amount for component, amount in priced.revenue},
        discount=priced.discount_net.amount,
        taxes={tax.name: tax.amount.amount for tax in priced.taxes},
        total=priced.total.amount,
        steps=_steps(priced),
    )


def _metal(bought: PricedOldMetal) -> QuotedMetalAnswer:
    return QuotedMetalAnswer(
        metal=bought.old.metal.value,
        weight_mg=bought.old.net.mg,
        paid_as=str(bought.paid_as),
        amount=bought.paid.amount,
        steps=_steps(bought),
    )


def _steps(priced: PricedLine | PricedOldMetal) -> list[StepAnswer]:
    return [StepAnswer(step.name, step.title, step.worked, step.amount.amount, step.exact) for step in explain(priced)]
