"""Sell: the one story for the till's page, the API and, later, what was sold offline."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.inventory import public as inventory
from plugins.pos import queries, store
from plugins.pos.actions import tell
from plugins.pos.actions.price import check_allowed, price_as_quoted
from plugins.pos.domain.cart import Cart
from plugins.pos.domain.payment import Payment, settle
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.sale import UNNUMBERED, KeyUsedBefore, OldGoldLine, Sale
from plugins.pos.forms import SaleForm
from plugins.pricing.public import freeze


def sell(uow: UnitOfWork, wanted: SaleForm, quote: Quote | None = None) -> Sale:
    """Complete a sale: the price holds, the money fits, pieces leave the stock, everyone is told.

    The same form again is the same sale. Raises QuoteChanged where `quote` does not hold any more.
    """
    if not store.claim(uow, wanted.id, "sale", wanted.body_hash):
        return sold_before(uow, wanted.id, wanted.body_hash)
    till = branches.open_terminal(uow, wanted.terminal)
    cart = price_as_quoted(uow, wanted, till.branch, quote)
    check_allowed(uow, cart)
    payments = settle(cart.due, wanted.handed(cart.due.currency))
    cart.check_law(payments, wanted.customer)
    sale = store.add_sale(uow, hand_over(uow, wanted, till, cart, payments))
    uow.publish(tell.completed(sale))
    return sale


def sold_before(uow: UnitOfWork, key: UUID, body_hash: bytes) -> Sale:
    """The sale that was made under this key. Raises KeyUsedBefore where something else was asked for."""
    if queries.request_hash(uow, key) != body_hash:
        raise KeyUsedBefore
    return queries.sale(uow, key)


def hand_over(
    uow: UnitOfWork, wanted: SaleForm, till: branches.Terminal, cart: Cart, payments: Sequence[Payment]
) -> Sale:
    """Pieces out, old gold in, and the document of it, which gets its number when it is written."""
    moved = inventory.take(uow, cart.pieces, document=wanted.id)
    old_gold = tuple(_take_in(uow, cart, place, wanted.id, till.branch) for place in range(len(cart.old_gold)))
    return Sale(
        id=wanted.id,
        number=UNNUMBERED,
        at=uow.now,
        branch=till.branch,
        terminal=till.id,
        seller=uow.actor.name,
        language=wanted.language or uow.shop.language,
        customer=wanted.customer,
        currency=cart.due.currency,
        lines=cart.sold({item: (-each.cost, -each.fine.units) for item, each in moved.items()}),
        old_gold=old_gold,
        payments=tuple(payments),
        total=cart.priced.total.amount,
        exchanged=cart.priced.exchanged.amount,
        rounding=cart.priced.rounding.amount,
        due=cart.due.amount,
        is_new=True,
    )


def _take_in(uow: UnitOfWork, cart: Cart, place: int, sale: UUID, branch: UUID) -> OldGoldLine:
    """Old gold becomes a lot of scrap, at what was paid for it."""
    bought = cart.old_gold[place]
    lot = inventory.take_in_scrap(
        uow,
        metal=bought.old.metal,
        weight=bought.old.net,
        fineness=bought.paid_as,
        paid=bought.paid,
        document=sale,
        branch=branch,
    )
    return OldGoldLine(
        place + 1,
        lot,
        bought.old.metal,
        bought.old.net,
        bought.old.fineness,
        bought.fine,
        bought.paid.amount,
        freeze(bought),
    )
