"""Price what lies on the counter. What the browser says about prices is never asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from kernel.errors import BadInput, RuleBroken
from kernel.i18n import _
from kernel.metal import Metal, Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.inventory.public import ItemForSale
from plugins.pos.domain.cart import Cart, CartLine, piece_of, situation_of, supply_of
from plugins.pos.domain.choices import DISCOUNT_PERCENT_MAX
from plugins.pos.domain.quote import Quote, QuoteChanged
from plugins.pos.domain.sale import NothingToSell
from plugins.pos.forms import CartForm, CartLineForm, off, set_price
from plugins.pos.permissions import DISCOUNT, SET_PRICE
from plugins.pricing import public as pricing

GRAM = Weight.grams(1)


def price(uow: UnitOfWork, wanted: CartForm, at: datetime | None = None) -> Cart:
    """The cart as of a moment: by the rates of then, under the terms of that day. Raises BadInput, RuleBroken."""
    if wanted.is_empty:
        raise NothingToSell
    items = _items(uow, wanted)
    board = pricing.board(uow, at)
    priced = board.price(
        [_asked(items[line.item], uow.shop.currency, line, place) for place, line in enumerate(wanted.lines)],
        off(wanted.discount, uow.shop.currency, "discount"),
        [old.metal_of(place) for place, old in enumerate(wanted.old_gold)],
    )
    priced_lines = zip(wanted.lines, priced.lines, strict=True)
    lines = tuple(CartLine(items[line.item], line.quantity, each) for line, each in priced_lines)
    return Cart(board.at, board.day, board.profile, lines, priced)


def price_each(uow: UnitOfWork, items: Iterable[ItemForSale]) -> dict[UUID, pricing.PricedLine | RuleBroken]:
    """What one of each costs now, by itself; or why it has no price."""
    board = pricing.board(uow)
    prices: dict[UUID, pricing.PricedLine | RuleBroken] = {}
    for item in items:
        try:
            prices[item.id] = board.price([_asked(item, uow.shop.currency, CartLineForm(item=item.id))]).lines[0]
        except RuleBroken as refused:
            prices[item.id] = refused
    return prices


def price_of_old_gold(board: pricing.Board) -> pricing.PricedOldMetal | None:
    """What one gram is bought at, at the fineness this market's board quotes; None where it has no price."""
    quoted = board.profile.quotation(Metal.GOLD)
    if quoted is None:
        return None
    try:
        [bought] = board.price([], exchange=[pricing.OldMetal("", Metal.GOLD, GRAM, quoted.fineness)]).exchange
    except RuleBroken:
        return None
    return bought


def price_as_quoted(uow: UnitOfWork, wanted: CartForm, branch: UUID, quote: Quote | None) -> Cart:
    """The cart as of its quote while that holds, else as of now. Raises QuoteChanged where the price is another."""
    cart = price(uow, wanted, quoted_at(uow, quote))
    cart.check_for_sale(branch)
    if quote is not None and cart.due != quote.due:
        raise QuoteChanged(quote.due, cart.due)
    return cart


def quoted_at(uow: UnitOfWork, quote: Quote | None) -> datetime:
    """The moment whose prices hold: the quote's, while it is young enough, else this one."""
    return quote.at if quote is not None and quote.holds(uow.now, validity(uow)) else uow.now


def validity(uow: UnitOfWork) -> timedelta:
    """How long a quote of this shop holds."""
    return timedelta(minutes=uow.setting(pricing.QUOTE_MIN))


def check_allowed(uow: UnitOfWork, cart: Cart) -> None:
    """May this person ask this price? Raises DiscountNeedsManager, PriceNeedsManager."""
    if not uow.actor.may(DISCOUNT.name):
        cart.check_discount(Decimal(uow.setting(DISCOUNT_PERCENT_MAX)))
    if not uow.actor.may(SET_PRICE.name):
        cart.check_no_price_by_hand()


def _items(uow: UnitOfWork, wanted: CartForm) -> Mapping[UUID, ItemForSale]:
    """Raises BadInput for a line whose item is not known."""
    items = inventory.for_sale(uow, {line.item for line in wanted.lines}) if wanted.lines else {}
    unknown = {
        f"lines.{place}.item": _("There is no such item.")
        for place, line in enumerate(wanted.lines)
        if line.item not in items
    }
    if unknown:
        raise BadInput(unknown)
    return items


def _asked(item: ItemForSale, currency: str, line: CartLineForm, place: int = 0) -> pricing.Asked:
    wanted = pricing.CartLine(
        id=str(place),
        piece=piece_of(item, currency),
        supply=supply_of(item),
        quantity=line.quantity,
        discount=off(line.discount, currency, f"lines.{place}.discount"),
        manual_price=set_price(line, place, currency),
        cost=Money(item.cost, currency),
    )
    return pricing.Asked(wanted, situation_of(item))
