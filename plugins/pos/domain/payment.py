"""What is handed over the counter, and what of it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import RuleBroken
from kernel.i18n import N_, _
from kernel.money import Money, total


class Method(StrEnum):
    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    EXCHANGE = "exchange"  #: The worth of goods that come back and are settled with other goods.


METHODS = {
    Method.CASH: N_("Cash"),
    Method.CARD: N_("Card"),
    Method.TRANSFER: N_("Bank transfer"),
    Method.EXCHANGE: N_("Returned goods"),
}


class PaymentsDoNotMatch(RuleBroken):
    def __init__(self, due: Money, paid: Money) -> None:
        super().__init__(_("{due} is due, {paid} was paid.").format(due=due, paid=paid))


class PayoutDoesNotMatch(RuleBroken):
    def __init__(self, due: Money, paid: Money) -> None:
        super().__init__(
            _("The customer gets {due}; what you give by the methods below is {paid}.").format(due=due, paid=paid)
        )


class CashNotAllowed(RuleBroken):
    """The law limits cash in one transaction; `because` is the law's own sentence."""

    def __init__(self, because: str) -> None:
        super().__init__(_(because))


class CustomerUnknown(RuleBroken):
    """The law asks who the customer is."""

    def __init__(self, because: str) -> None:
        super().__init__(_("{law} Enter the customer’s tax number.").format(law=_(because)))


@dataclass(frozen=True, slots=True)
class Handed:
    """Money that changes hands by one method, before change."""

    method: Method
    amount: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """`amount` is what stays with the shop of what was `given`; below zero where the shop paid out."""

    method: Method
    amount: Money
    given: Money

    @property
    def change(self) -> Money:
        """What the customer gets back at once."""
        return self.given - self.amount


def settle(due: Money, handed: Sequence[Handed]) -> tuple[Payment, ...]:
    """What stays of what was handed over, when it fits what is due: only cash gives change.

    Where `due` is below zero, `handed` is what the customer gets. Raises PaymentsDoNotMatch, PayoutDoesNotMatch.
    """
    paid = total((each.amount for each in handed), due.currency)
    if due.amount <= 0:
        return _pay_out(-due, paid, handed)
    cash = total((each.amount for each in handed if each.method is Method.CASH), due.currency)
    change = paid - due
    if change.amount < 0 or (change and cash <= change):
        raise PaymentsDoNotMatch(due, paid)
    others = (Payment(each.method, each.amount, each.amount) for each in handed if each.method is not Method.CASH)
    return (*others, Payment(Method.CASH, cash - change, cash)) if cash else tuple(others)


def _pay_out(due: Money, paid: Money, handed: Sequence[Handed]) -> tuple[Payment, ...]:
    if paid != due:
        raise PayoutDoesNotMatch(due, paid)
    return tuple(Payment(each.method, -each.amount, -each.amount) for each in handed)


def cash_of(payments: Sequence[Payment], currency: str) -> Money:
    """The cash that changes hands, in whichever direction."""
    moved = total((each.amount for each in payments if each.method is Method.CASH), currency)
    return -moved if moved.amount < 0 else moved
