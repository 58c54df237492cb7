"""Refund: goods come back at their sale's own prices and cost, never at today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.pos import queries, store
from plugins.pos.actions import tell
from plugins.pos.domain.payment import Handed, Payment, settle
from plugins.pos.domain.refund import GiveBack, Refund, RefundLine, give_back
from plugins.pos.domain.sale import KeyUsedBefore, Sale
from plugins.pos.forms import RefundForm


def refund(uow: UnitOfWork, sale_id: UUID, wanted: RefundForm) -> Refund:
    """Take goods back and give the money for them. The same form again is the same refund."""
    asked = wanted.body_hash(sale_id)
    if not store.claim(uow, wanted.id, "refund", asked):
        if queries.request_hash(uow, wanted.id) != asked:
            raise KeyUsedBefore
        return queries.refund(uow, wanted.id)
    number = take_number(uow)
    sale = queries.sale(uow, sale_id)
    returned = weigh_up(uow, sale, wanted.returned)
    given = pay_back(returned.due, wanted.handed(returned.due))
    refund = take_back(uow, wanted.id, number, sale, returned, given, because=wanted.because)
    store.add_refund(uow, refund)
    uow.publish(tell.refunded(refund))
    return refund


def take_number(uow: UnitOfWork) -> int:
    """The number of the next refund; before its sale is read, so that two refunds of one sale see each other.

    Its counter then stays locked. Refunds are few, and no sale waits for it.
    """
    return uow.next_number("refunds")


def weigh_up(uow: UnitOfWork, sale: Sale, wanted: Mapping[int, int | None]) -> GiveBack:
    """What comes back and what it is worth; also before anything is done, so that the counter can say it."""
    return give_back(sale, wanted, queries.given_back(uow, sale.id))


def pay_back(due: Money, handed: Sequence[Handed]) -> tuple[Payment, ...]:
    """How the money goes back. Raises PayoutDoesNotMatch."""
    given = settle(-due, handed)
    return tuple(Payment(each.method, -each.amount, -each.given) for each in given)


def take_back(
    uow: UnitOfWork,
    id: UUID,
    number: int,
    sale: Sale,
    returned: GiveBack,
    given: Sequence[Payment],
    *,
    because: str,
    exchange: UUID | None = None,
) -> Refund:
    """Pieces in again, and the document of it."""
    moved = inventory.put_back(uow, returned.pieces, document=id, taken_by=sale.id)
    return Refund(
        id=id,
        number=number,
        sale=sale.id,
        sale_number=sale.number,
        at=uow.now,
        branch=sale.branch,
        person=uow.actor.name,
        because=because,
        currency=sale.currency,
        lines=_lines(returned, {item: (each.cost, each.fine.units) for item, each in moved.items()}),
        payments=tuple(given),
        total=returned.total,
        rounding=returned.rounding,
        exchange=exchange,
        is_new=True,
    )


def _lines(returned: GiveBack, moved: Mapping[UUID, tuple[int, int]]) -> tuple[RefundLine, ...]:
    lines = []
    back: dict[UUID, int] = {}
    for each in returned.returns:
        line, part = each.line, each.part
        before = back.get(line.item, 0)
        after, whole = before + each.quantity, returned.pieces[line.item]
        back[line.item] = after
        cost, fine = (of_all * after // whole - of_all * before // whole for of_all in moved[line.item])
        lines.append(
            RefundLine(
                line.line,
                line.item,
                line.sku,
                line.name,
                each.quantity,
                line.metal,
                {component.value: amount.amount for component, amount in part.revenue},
                part.discount_net.amount,
                {tax.name: tax.amount.amount for tax in part.taxes},
                part.total.amount,
                cost,
                fine,
            )
        )
    return tuple(lines)
