"""Exchange: goods come back and others are taken, and only the difference is paid."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kernel.ids import new_id
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.branches import public as branches
from plugins.inventory import public as inventory
from plugins.pos import queries, store
from plugins.pos.actions import tell
from plugins.pos.actions.price import check_allowed, price_as_quoted
from plugins.pos.actions.refund import pay_back, take_back, take_number, weigh_up
from plugins.pos.actions.sell import hand_over, sold_before
from plugins.pos.domain.payment import Handed, Method, Payment, settle
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.refund import ExchangeOfNothing
from plugins.pos.domain.sale import Sale
from plugins.pos.forms import ExchangeForm


def exchange(uow: UnitOfWork, sale_id: UUID, wanted: ExchangeForm, quote: Quote | None = None) -> Sale:
    """A refund and a sale in one: what comes back pays for what is taken, as far as it goes."""
    asked = wanted.hash_of_exchange(sale_id)
    if not store.claim(uow, wanted.id, "exchange", asked):
        return sold_before(uow, wanted.id, asked)
    till = branches.open_terminal(uow, wanted.terminal)
    number = take_number(uow)
    before = queries.sale(uow, sale_id)
    returned = weigh_up(uow, before, wanted.returned)
    cart = price_as_quoted(uow, wanted, till.branch, quote)
    if cart.due.amount <= 0:
        raise ExchangeOfNothing
    check_allowed(uow, cart)
    payments, given = _settle_both(returned.due, cart.due, wanted.handed(cart.due.currency))
    cart.check_law(payments, wanted.customer)
    # What goes and what comes may be the same counted goods that another till moves the other way round.
    inventory.hold(uow, {*returned.pieces, *cart.pieces})
    back = take_back(uow, new_id(), number, before, returned, given, because=wanted.because, exchange=wanted.id)
    sale = hand_over(uow, wanted, till, cart, payments)
    # Pieces, documents, then the word, as in every sale: whoever is told may lock what the whole shop shares, such as
    # the last number of the books, and a sale that waits for it must not hold what we still need.
    store.add_refund(uow, back)
    sale = store.add_sale(uow, sale)
    uow.publish(tell.refunded(back))
    uow.publish(tell.completed(sale))
    return sale


def _settle_both(back: Money, due: Money, handed: Sequence[Handed]) -> tuple[tuple[Payment, ...], tuple[Payment, ...]]:
    """How the new goods are paid, and how the old ones: by each other first, the rest by what is handed over."""
    common = back if back < due else due
    by_goods = [Handed(Method.EXCHANGE, common)] if common else []
    if common < due:
        return settle(due, [*by_goods, *handed]), pay_back(back, by_goods)
    return settle(due, by_goods), pay_back(back, [*by_goods, *handed])
